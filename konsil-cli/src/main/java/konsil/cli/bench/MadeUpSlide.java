package konsil.cli.bench;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * A slide as a scanner of 40 fold writes it: tiles of JPEG, three sizes, each four times smaller. Its tiles are a few
 * different ones over and over; the rest of the file is a hole up to its size.
 */
final class MadeUpSlide {
    private static final int TILE = 256;
    private static final int SIDE = 176 * TILE;
    private static final int KINDS = 16;
    private static final long BYTES = 1L << 30;
    private static final int ENTRY = 12;

    private final RandomAccessFile file;
    private final Random random = new Random(7);
    private final List<int[]> places = new ArrayList<>();

    private MadeUpSlide(RandomAccessFile file) {
        this.file = file;
    }

    /** Writes it; about a megabyte on disk. */
    static void write(Path path) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            new MadeUpSlide(file).write();
        }
    }

    private void write() throws IOException {
        file.write(new byte[] {'I', 'I', 42, 0, 0, 0, 0, 0});
        for (int i = 0; i < KINDS; i++) {
            byte[] jpeg = tile();
            places.add(new int[] {(int) file.getFilePointer(), jpeg.length});
            file.write(jpeg);
        }
        long link = 4;
        for (int side = SIDE; side >= SIDE / 16; side /= 4) {
            link = directory(side, link);
        }
        file.setLength(BYTES);
    }

    /** Pink with nuclei and noise, in YCbCr with halved colours as ImageIO writes it. */
    private byte[] tile() throws IOException {
        var image = new BufferedImage(TILE, TILE, BufferedImage.TYPE_INT_RGB);
        double phase = random.nextDouble();
        for (int y = 0; y < TILE; y++) {
            for (int x = 0; x < TILE; x++) {
                boolean nucleus = Math.sin(0.31 * x + 9 * phase) * Math.cos(0.27 * y) > 0.55;
                int noise = (int) (9 * random.nextGaussian());
                int red = Math.clamp((nucleus ? 96 : 214) + noise, 0, 255);
                int green = Math.clamp((nucleus ? 64 : 140) + noise, 0, 255);
                int blue = Math.clamp((nucleus ? 140 : 190) + noise, 0, 255);
                image.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        var out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", out);
        return out.toByteArray();
    }

    /** @param link where the place of this directory is to stand @return where that of the next one is */
    private long directory(int side, long link) throws IOException {
        int across = side / TILE;
        var offsets = ByteBuffer.allocate(4 * across * across).order(ByteOrder.LITTLE_ENDIAN);
        var sizes = ByteBuffer.allocate(4 * across * across).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < across * across; i++) {
            int[] place = places.get(random.nextInt(KINDS));
            offsets.putInt(place[0]);
            sizes.putInt(place[1]);
        }
        int offsetsAt = append(offsets.array());
        int sizesAt = append(sizes.array());
        int bitsAt = append(new byte[] {8, 0, 8, 0, 8, 0});
        byte[] description = "Aperio made up\n|AppMag = 40|MPP = 0.25\0".getBytes(StandardCharsets.US_ASCII);
        int descriptionAt = append(description);
        return directory(link, new int[][] {
            {256, 4, 1, side},
            {257, 4, 1, side},
            {258, 3, 3, bitsAt},
            {259, 3, 1, 7},
            {262, 3, 1, 6},
            {270, 2, description.length, descriptionAt},
            {277, 3, 1, 3},
            {322, 4, 1, TILE},
            {323, 4, 1, TILE},
            {324, 4, across * across, offsetsAt},
            {325, 4, across * across, sizesAt}
        });
    }

    /** @param entries tag, type, count and value or place of each */
    private long directory(long link, int[][] entries) throws IOException {
        var directory = ByteBuffer.allocate(2 + ENTRY * entries.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        directory.putShort((short) entries.length);
        for (int[] entry : entries) {
            directory
                    .putShort((short) entry[0])
                    .putShort((short) entry[1])
                    .putInt(entry[2])
                    .putInt(entry[3]);
        }
        int at = append(directory.array());
        long end = file.getFilePointer();
        file.seek(link);
        file.write(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(at).array());
        file.seek(end);
        return at + directory.capacity() - 4L;
    }

    private int append(byte[] bytes) throws IOException {
        long at = file.getFilePointer() + file.getFilePointer() % 2;
        file.seek(at);
        file.write(bytes);
        return (int) at;
    }
}
