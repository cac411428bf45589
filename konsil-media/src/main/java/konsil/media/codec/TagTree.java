package konsil.media.codec;

import java.util.Arrays;

/** A tag tree (ITU-T T.800 section B.10.2): numbers on a grid, each read only as far as it is asked for. */
final class TagTree {
    private final int levels;
    private final int[] widths;
    private final int[] offsets;
    private final int[] values;
    private final int[] lows;

    TagTree(int width, int height) {
        int[] w = new int[32];
        int[] start = new int[32];
        int count = 0;
        int total = 0;
        int across = width;
        int down = height;
        while (true) {
            w[count] = across;
            start[count++] = total;
            total += across * down;
            if (across * down <= 1) {
                break;
            }
            across = across + 1 >> 1;
            down = down + 1 >> 1;
        }
        levels = count;
        widths = w;
        offsets = start;
        values = new int[total];
        lows = new int[total];
        Arrays.fill(values, Integer.MAX_VALUE);
    }

    /** Whether the number at a leaf is below a threshold. */
    boolean below(J2kHeaderBits bits, int x, int y, int threshold) {
        int low = 0;
        for (int level = levels - 1; level >= 0; level--) {
            int node = offsets[level] + (y >> level) * widths[level] + (x >> level);
            low = Math.max(low, lows[node]);
            while (low < threshold && low < values[node]) {
                if (bits.bit() == 1) {
                    values[node] = low;
                } else {
                    low++;
                }
            }
            lows[node] = low;
        }
        return values[offsets[0] + y * widths[0] + x] < threshold;
    }
}
