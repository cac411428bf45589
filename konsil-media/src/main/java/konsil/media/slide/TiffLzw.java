package konsil.media.slide;

import konsil.media.BadMediaException;

/** LZW as TIFF 6.0 (section 13) has it: codes of 9 to 12 bits, the high bit first, longer one code early. */
final class TiffLzw {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int FIRST = 258;
    private static final int MOST = 4096;

    private final SlideBytes file;
    private final byte[] in;
    private final byte[] out;

    /** Of each code: where in the output its string came first, and how long it is. */
    private final int[] start = new int[MOST];

    private final int[] length = new int[MOST];

    /** The bits that were read but not used, {@code held} of them at the low end. */
    private int bits;

    private int held;
    private int read;

    private TiffLzw(SlideBytes file, byte[] in, byte[] out) {
        this.file = file;
        this.in = in;
        this.out = out;
    }

    /**
     * Unpacks.
     *
     * @return {@code count} bytes
     * @throws BadMediaException when the codes make no sense or give fewer
     */
    static byte[] unpack(SlideBytes file, byte[] in, int count) {
        var lzw = new TiffLzw(file, in, new byte[count]);
        lzw.run();
        return lzw.out;
    }

    private void run() {
        int next = FIRST;
        int width = 9;
        int at = 0;
        int last = CLEAR;
        while (at < out.length) {
            int code = code(width);
            if (code == END) {
                throw file.bad("the LZW data of a tile is cut off");
            }
            if (code == CLEAR) {
                next = FIRST;
                width = 9;
                last = CLEAR;
                continue;
            }
            int from = at;
            if (code < CLEAR) {
                out[at++] = (byte) code;
            } else {
                at = copy(code, next, last, at);
            }
            if (last != CLEAR && next < MOST) {
                // The string before, and the first byte of this one behind it.
                length[next] = (last < CLEAR ? 1 : length[last]) + 1;
                start[next] = from - (length[next] - 1);
                next++;
            }
            last = code;
            width = next >= 2047 ? 12 : next >= 1023 ? 11 : next >= 511 ? 10 : 9;
        }
    }

    /** Writes a string; the one that is being made begins with the last one and ends with its first byte. */
    private int copy(int code, int next, int last, int at) {
        if (code > next || last == CLEAR) {
            throw file.bad("the LZW data of a tile is damaged");
        }
        boolean made = code < next;
        int many = made ? length[code] : (last < CLEAR ? 1 : length[last]) + 1;
        int from = made ? start[code] : at - (many - 1);
        int end = Math.min(out.length, at + many);
        for (int to = at; to < end; to++) {
            out[to] = out[from++];
        }
        return end;
    }

    private int code(int width) {
        while (held < width) {
            if (read == in.length) {
                throw file.bad("the LZW data of a tile is cut off");
            }
            bits = bits << 8 | in[read++] & 0xFF;
            held += 8;
        }
        held -= width;
        return bits >>> held & (1 << width) - 1;
    }
}
