package konsil.media;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * PNG (ISO/IEC 15948). The chunks are checked here; the JDK gets to see only those that make the pixels, so that
 * nothing else in the file can change or spoil them.
 */
final class PngFile {
    private static final int SIGNATURE = 8;
    private static final int HEADER = 13;
    private static final int PALETTE_COLOUR = 3;

    private final ImageBytes file;
    private final ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    private Optional<Orientation> orientation = Optional.empty();
    private boolean ended;

    private PngFile(ImageBytes file) {
        this.file = file;
    }

    static Raster decode(ImageBytes file, ImageSettings settings) {
        var png = new PngFile(file);
        png.readChunks(settings);
        BufferedImage image = new JdkReader(file, "png").image(png.pixels.toByteArray(), settings);
        Raster stored = new PillowRgb(file, settings).of(image);
        return settings.turned(stored, png.orientation);
    }

    private void readChunks(ImageSettings settings) {
        if (file.u32Big(SIGNATURE) != HEADER || !file.has(SIGNATURE + 4, "IHDR")) {
            throw file.bad("the PNG does not begin with its header (IHDR)");
        }
        file.requireSize(file.u32Big(SIGNATURE + 8), file.u32Big(SIGNATURE + 12), settings);
        int colour = file.u8(SIGNATURE + 17);
        pixels.write(file.bytes(), 0, SIGNATURE);
        int at = SIGNATURE;
        while (!ended) {
            at = readChunk(at, colour);
        }
    }

    /** @return where the next chunk begins */
    private int readChunk(int at, int colour) {
        long length = file.u32Big(at);
        file.require(at, 12 + length, "a PNG chunk");
        int size = (int) length;
        requireChecksum(at, size);
        if (file.has(at + 4, "eXIf")) {
            orientation = Exif.orientation(file.bytes(), at + 8, size);
        }
        boolean kept = file.has(at + 4, "IHDR")
                || file.has(at + 4, "IDAT")
                || file.has(at + 4, "IEND")
                || file.has(at + 4, "PLTE") && colour == PALETTE_COLOUR;
        if (kept) {
            pixels.write(file.bytes(), at, 12 + size);
        }
        ended = file.has(at + 4, "IEND");
        return at + 12 + size;
    }

    private void requireChecksum(int at, int size) {
        var crc = new CRC32();
        crc.update(file.bytes(), at + 4, 4 + size);
        if (crc.getValue() != file.u32Big(at + 8 + size)) {
            throw file.bad("a PNG chunk has the wrong checksum: the file is damaged");
        }
    }
}
