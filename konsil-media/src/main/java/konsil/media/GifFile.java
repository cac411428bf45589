package konsil.media;

import java.util.Arrays;

/**
 * The first picture of a GIF (87a, 89a), decoded here because the JDK's reader knows nothing of the screen that the
 * picture lies on and draws files to the end that stop in the middle.
 *
 * <p>As in Pillow, the screen grows to hold the picture, and what the picture does not cover shows its transparent
 * colour, or colour 0.
 */
final class GifFile {
    private static final int INTERLACED = 0x40;
    private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

    private final ImageBytes file;
    private final ImageSettings settings;
    private int at;

    private GifFile(ImageBytes file, ImageSettings settings) {
        this.file = file;
        this.settings = settings;
    }

    /** Where the picture lies on the screen. */
    private record Frame(int left, int top, int width, int height) {}

    static Raster decode(ImageBytes file, ImageSettings settings) {
        return new GifFile(file, settings).first();
    }

    private Raster first() {
        int screenWidth = file.u16Little(6);
        int screenHeight = file.u16Little(8);
        at = 13;
        int[] colours = table(file.u8(10), greys());
        int background = toImage();
        var frame = new Frame(word(0), word(2), word(4), word(6));
        int flags = file.u8(at + 8);
        at += 9;
        colours = table(flags, colours);
        int width = Math.max(screenWidth, frame.left + frame.width);
        int height = Math.max(screenHeight, frame.top + frame.height);
        file.requireSize(frame.width, frame.height, settings);
        file.requireSize(width, height, settings);
        byte[] indices = new GifCodes(file, at, frame.width * frame.height).decode();
        return draw(indices, frame, flags, new Canvas(width, height, colours, background));
    }

    private record Canvas(int width, int height, int[] colours, int background) {}

    private int word(int offset) {
        return file.u16Little(at + offset);
    }

    /** Moves behind the comma that begins the picture. @return the transparent colour, or 0 */
    private int toImage() {
        int transparent = 0;
        while (true) {
            int kind = file.u8(at++);
            if (kind == ',') {
                return transparent;
            }
            if (kind == ';') {
                throw file.bad("the GIF ends without a picture");
            }
            if (kind == '!') {
                boolean control = file.u8(at) == 0xF9 && file.u8(at + 1) >= 4 && (file.u8(at + 2) & 1) == 1;
                transparent = control ? file.u8(at + 5) : transparent;
                at++;
                skipBlocks();
            }
        }
    }

    private void skipBlocks() {
        int length = file.u8(at);
        while (length > 0) {
            at += 1 + length;
            length = file.u8(at);
        }
        at++;
    }

    /** The table of colours that these flags announce here, or the other one when they announce none. */
    private int[] table(int flags, int[] otherwise) {
        if ((flags & 0x80) == 0) {
            return otherwise;
        }
        int entries = 2 << (flags & 7);
        file.require(at, 3L * entries, "a table of colours");
        int[] colours = new int[256];
        boolean grey = true;
        for (int i = 0; i < entries; i++) {
            colours[i] = file.u8(at) << 16 | file.u16Big(at + 1);
            grey &= colours[i] == 0x010101 * i;
            at += 3;
        }
        // To Pillow a picture with a table of greys is a grey picture: what lies beyond the table is grey too.
        return grey ? greys() : colours;
    }

    private static int[] greys() {
        int[] greys = new int[256];
        Arrays.setAll(greys, i -> 0x010101 * i);
        return greys;
    }

    private static Raster draw(byte[] indices, Frame frame, int flags, Canvas canvas) {
        byte[] out = Raster.room(canvas.width, canvas.height);
        if (frame.width < canvas.width || frame.height < canvas.height) {
            for (int to = 0; to < out.length; to += Raster.CHANNELS) {
                put(canvas.colours[canvas.background], out, to);
            }
        }
        int[] rows = rows(frame.height, (flags & INTERLACED) != 0);
        for (int y = 0; y < frame.height; y++) {
            int to = Raster.CHANNELS * ((frame.top + rows[y]) * canvas.width + frame.left);
            for (int x = 0; x < frame.width; x++) {
                put(canvas.colours[indices[y * frame.width + x] & 0xFF], out, to);
                to += Raster.CHANNELS;
            }
        }
        return new Raster(canvas.width, canvas.height, out);
    }

    private static void put(int colour, byte[] out, int to) {
        out[to] = (byte) (colour >> 16);
        out[to + 1] = (byte) (colour >> 8);
        out[to + 2] = (byte) colour;
    }

    /** In which row of the picture each row of the file belongs. */
    private static int[] rows(int height, boolean interlaced) {
        int[] rows = new int[height];
        if (!interlaced) {
            Arrays.setAll(rows, y -> y);
            return rows;
        }
        int next = 0;
        for (int[] pass : PASSES) {
            for (int y = pass[0]; y < height; y += pass[1]) {
                rows[next++] = y;
            }
        }
        return rows;
    }
}
