package konsil.media;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Pictures as PNG files (ISO/IEC 15948): RGB of 8 bits, nothing but pixels. */
public final class PngWriter {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    /** Each sample as its difference to the same colour of the pixel before. */
    private static final int SUB = 1;

    private PngWriter() {}

    /**
     * Writes a file, or takes the place of one.
     *
     * @throws IOException when the disk fails
     */
    public static void write(Path path, Raster picture) throws IOException {
        Files.write(path, bytes(picture));
    }

    /** The file's bytes. */
    public static byte[] bytes(Raster picture) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        var header = ByteBuffer.allocate(13).putInt(picture.width()).putInt(picture.height());
        chunk(out, "IHDR", header.put(new byte[] {8, 2, 0, 0, 0}).array());
        chunk(out, "IDAT", packed(picture));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static byte[] packed(Raster picture) {
        var out = new ByteArrayOutputStream();
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION);
        int stride = Raster.CHANNELS * picture.width();
        byte[] row = new byte[1 + stride];
        row[0] = SUB;
        try (var deflating = new DeflaterOutputStream(out, deflater, 1 << 14)) {
            for (int y = 0; y < picture.height(); y++) {
                System.arraycopy(picture.samples(), y * stride, row, 1, stride);
                for (int i = stride; i > Raster.CHANNELS; i--) {
                    row[i] -= row[i - Raster.CHANNELS];
                }
                deflating.write(row);
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String name, byte[] body) {
        var data = ByteBuffer.allocate(12 + body.length).putInt(body.length);
        data.put(name.getBytes(StandardCharsets.US_ASCII)).put(body);
        var crc = new CRC32();
        crc.update(data.array(), 4, 4 + body.length);
        out.writeBytes(data.putInt((int) crc.getValue()).array());
    }
}
