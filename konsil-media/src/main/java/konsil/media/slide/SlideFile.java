package konsil.media.slide;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import konsil.media.BadMediaException;

/**
 * Slide files: Aperio SVS, OME-TIFF and pyramids of TIFF and BigTIFF in tiles or strips; also a single picture. Tiles
 * are plain, LZW, Deflate, PackBits, JPEG or JPEG 2000.
 */
public final class SlideFile {
    private SlideFile() {}

    /**
     * Opens a slide: reads its directories, no pixels.
     *
     * @throws BadMediaException when there is no such file, or it cannot be used
     * @throws IOException when the disk fails
     */
    public static Slide open(Path path, SlideSettings settings) throws IOException {
        Path last = path.getFileName();
        String name = last == null ? path.toString() : last.toString();
        if (!Files.isRegularFile(path)) {
            throw new BadMediaException(
                    name, Files.exists(path) ? "want a slide, this is a folder or a device" : "there is no such file");
        }
        if (!Files.isReadable(path)) {
            throw new BadMediaException(name, "no permission to read it");
        }
        var file = new RandomAccessFile(path.toFile(), "r");
        try {
            return open(SlideBytes.of(name, file), settings);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** A slide that is already in memory, otherwise as {@link #open(Path, SlideSettings)}. */
    static Slide open(SlideBytes file, SlideSettings settings) {
        return new TiffSlide(file, SlideParts.of(TiffDirectory.readAll(file)), settings);
    }
}
