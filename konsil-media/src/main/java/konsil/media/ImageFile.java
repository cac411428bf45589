package konsil.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Image files: PNG, JPEG, BMP, GIF and TIFF become 8-bit RGB as Pillow's {@code Image.open(file).convert("RGB")} makes
 * them: alpha is dropped and not blended, colour profiles are not applied, palettes are looked up. Of several pictures
 * in a file the first counts. docs/media.md lists every kind and where the result differs.
 */
public final class ImageFile {
    /** Larger files are refused before they are read. */
    static final long MAX_BYTES = 512L << 20;

    private ImageFile() {}

    /**
     * Reads a file.
     *
     * @throws BadMediaException when there is no readable file, or it holds no image that can be used
     * @throws IOException when the disk fails
     */
    public static Raster read(Path path, ImageSettings settings) throws IOException {
        Path last = path.getFileName();
        String name = last == null ? path.toString() : last.toString();
        if (!Files.exists(path)) {
            throw new BadMediaException(name, "there is no such file");
        }
        if (!Files.isRegularFile(path)) {
            throw new BadMediaException(name, "want an image file, this is a folder or a device");
        }
        if (!Files.isReadable(path)) {
            throw new BadMediaException(name, "no permission to read it");
        }
        long size = Files.size(path);
        if (size > MAX_BYTES) {
            throw new BadMediaException(name, "the file is %d bytes long, the limit is %d".formatted(size, MAX_BYTES));
        }
        return decode(name, Files.readAllBytes(path), settings);
    }

    /**
     * Reads an image that is already in memory.
     *
     * @param name what to call it in messages
     * @throws BadMediaException when it cannot be used; nothing else is thrown for any bytes
     */
    public static Raster decode(String name, byte[] bytes, ImageSettings settings) {
        var file = new ImageBytes(name, bytes);
        return switch (ImageKind.of(file)) {
            case PNG -> PngFile.decode(file, settings);
            case JPEG -> JpegFile.decode(file, settings);
            case BMP -> BmpFile.decode(file, settings);
            case GIF -> GifFile.decode(file, settings);
            case TIFF -> TiffFile.decode(file, settings);
        };
    }
}
