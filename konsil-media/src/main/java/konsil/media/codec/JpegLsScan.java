package konsil.media.codec;

import java.util.Arrays;

/** The samples of one JPEG-LS scan (ITU-T T.87 annex A), components together as its interleaving says. */
final class JpegLsScan {
    private static final int CONTEXTS = 365;
    private static final int[] RUN_BITS = {
        0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15
    };

    private final Codestream stream;
    private final JpegLsBits in;
    private final JpegLsPresets presets;
    private final int width;
    private final int near;
    private final int step;
    private final int range;
    private final int limit;
    private final int errorBits;
    private final byte[] levels;
    private final int[] a = new int[CONTEXTS + 2];
    private final int[] b = new int[CONTEXTS];
    private final int[] c = new int[CONTEXTS];
    private final int[] n = new int[CONTEXTS + 2];
    private final int[] negative = new int[2];
    private final int[][] above;
    private final int[][] line;
    private final int[] runIndex;

    /** @param components of this scan */
    JpegLsScan(Codestream stream, JpegLsBits in, JpegLsPresets presets, int components) {
        this.stream = stream;
        this.in = in;
        this.presets = presets;
        this.width = stream.width();
        this.near = presets.near();
        this.step = presets.step();
        this.range = presets.range();
        this.limit = presets.limit();
        this.errorBits = presets.errorBits();
        this.levels = levels();
        this.above = new int[components][width + 2];
        this.line = new int[components][width + 2];
        this.runIndex = new int[components];
        reset();
    }

    /** Gradients to regions -4 to 4 (code segment A.4). */
    private byte[] levels() {
        int max = presets.maxValue();
        byte[] table = new byte[2 * max + 1];
        for (int d = -max; d <= max; d++) {
            int size = Math.abs(d);
            int level =
                    size <= near ? 0 : size < presets.t1() ? 1 : size < presets.t2() ? 2 : size < presets.t3() ? 3 : 4;
            table[d + max] = (byte) (d < 0 ? -level : level);
        }
        return table;
    }

    private void reset() {
        Arrays.fill(a, Math.max(2, range + 32 >> 6));
        Arrays.fill(b, 0);
        Arrays.fill(c, 0);
        Arrays.fill(n, 1);
        Arrays.fill(negative, 0);
        Arrays.fill(runIndex, 0);
        for (int i = 0; i < line.length; i++) {
            Arrays.fill(line[i], 0);
            Arrays.fill(above[i], 0);
        }
    }

    /**
     * @param together whether each pixel has its components one after the other; else each row has
     * @param restart rows between restart markers, 0 for none
     * @param out where row, component and samples go
     */
    void read(boolean together, int restart, Rows out) {
        for (int y = 0; y < stream.height(); y++) {
            if (restart > 0 && y > 0 && y % restart == 0) {
                in.restart();
                reset();
            }
            for (int i = 0; i < line.length; i++) {
                int[] swap = above[i];
                above[i] = line[i];
                line[i] = swap;
                above[i][width + 1] = above[i][width];
                line[i][0] = above[i][1];
            }
            if (together && line.length > 1) {
                rowOfPixels();
            } else {
                for (int i = 0; i < line.length; i++) {
                    row(i);
                }
            }
            in.requireEnough();
            for (int i = 0; i < line.length; i++) {
                out.take(y, i, line[i]);
            }
        }
    }

    /** Takes the samples of a row; they begin at index 1. */
    interface Rows {
        void take(int row, int component, int[] samples);
    }

    private void row(int component) {
        int[] up = above[component];
        int[] now = line[component];
        int x = 1;
        while (x <= width) {
            int ra = now[x - 1];
            int rb = up[x];
            int rc = up[x - 1];
            int context = context(ra, rb, rc, up[x + 1]);
            if (context != 0) {
                now[x] = regular(context, ra, rb, rc);
                x++;
                continue;
            }
            int run = run(component, width + 1 - x);
            Arrays.fill(now, x, x + run, ra);
            x += run;
            if (x <= width) {
                now[x] = interrupted(component, ra, up[x]);
                x++;
            }
        }
    }

    private void rowOfPixels() {
        int count = line.length;
        int x = 1;
        while (x <= width) {
            boolean flat = true;
            for (int i = 0; i < count && flat; i++) {
                flat = context(line[i][x - 1], above[i][x], above[i][x - 1], above[i][x + 1]) == 0;
            }
            if (!flat) {
                for (int i = 0; i < count; i++) {
                    int ra = line[i][x - 1];
                    int rb = above[i][x];
                    int rc = above[i][x - 1];
                    line[i][x] = regular(context(ra, rb, rc, above[i][x + 1]), ra, rb, rc);
                }
                x++;
                continue;
            }
            int run = run(0, width + 1 - x);
            for (int i = 0; i < count; i++) {
                Arrays.fill(line[i], x, x + run, line[i][x - 1]);
            }
            x += run;
            if (x <= width) {
                for (int i = 0; i < count; i++) {
                    int ra = line[i][x - 1];
                    int rb = above[i][x];
                    int error = runError(0, 0);
                    line[i][x] = rebuilt(rb, rb < ra ? -error : error);
                }
                runIndex[0] = Math.max(0, runIndex[0] - 1);
                x++;
            }
        }
    }

    /** The number of the context with its sign; 0 for a flat neighbourhood. */
    private int context(int ra, int rb, int rc, int rd) {
        int max = presets.maxValue();
        return 81 * levels[rd - rb + max] + 9 * levels[rb - rc + max] + levels[rc - ra + max];
    }

    private int regular(int signedContext, int ra, int rb, int rc) {
        int sign = signedContext < 0 ? -1 : 1;
        int q = signedContext * sign;
        int predicted =
                rc >= Math.max(ra, rb) ? Math.min(ra, rb) : rc <= Math.min(ra, rb) ? Math.max(ra, rb) : ra + rb - rc;
        predicted = Math.clamp(predicted + sign * c[q], 0, presets.maxValue());
        int k = 0;
        while (n[q] << k < a[q] && k < 24) {
            k++;
        }
        int mapped = code(k, limit);
        boolean turned = k == 0 && near == 0 && 2 * b[q] <= -n[q];
        int error = (mapped & 1) == 0 ? mapped >> 1 : -(mapped + 1 >> 1);
        if (turned) {
            error = -error - 1;
        }
        update(q, error);
        return rebuilt(predicted, sign * error);
    }

    /** A sample of the prediction and its error, modulo the range (section A.4.5). */
    private int rebuilt(int predicted, int error) {
        int max = presets.maxValue();
        int value = predicted + error * step;
        if (value < -near) {
            value += range * step;
        } else if (value > max + near) {
            value -= range * step;
        }
        return Math.clamp(value, 0, max);
    }

    /** Code segments A.12 and A.13. */
    private void update(int q, int error) {
        b[q] += error * step;
        a[q] += Math.abs(error);
        if (n[q] == presets.reset()) {
            a[q] >>= 1;
            b[q] >>= 1;
            n[q] >>= 1;
        }
        n[q]++;
        if (b[q] <= -n[q]) {
            b[q] = Math.max(b[q] + n[q], 1 - n[q]);
            c[q] = Math.max(c[q] - 1, -128);
        } else if (b[q] > 0) {
            b[q] = Math.min(b[q] - n[q], 0);
            c[q] = Math.min(c[q] + 1, 127);
        }
    }

    /** A limited-length Golomb code (section A.5.3). */
    private int code(int k, int longest) {
        int most = longest - errorBits - 1;
        int zeros = in.zeros(most);
        if (zeros > most) {
            throw stream.bad("the JPEG-LS stream has a code that is too long");
        }
        return zeros < most ? (zeros << k) + in.bits(k) : in.bits(errorBits) + 1;
    }

    /** Samples that repeat the one before (section A.7.1). */
    private int run(int component, int left) {
        int run = 0;
        while (run < left && in.bit()) {
            int whole = 1 << RUN_BITS[runIndex[component]];
            int taken = Math.min(whole, left - run);
            run += taken;
            if (taken == whole && runIndex[component] < 31) {
                runIndex[component]++;
            }
        }
        if (run < left) {
            run += in.bits(RUN_BITS[runIndex[component]]);
            if (run >= left) {
                throw stream.bad("a run of the JPEG-LS stream goes beyond its row");
            }
        }
        return run;
    }

    private int interrupted(int component, int ra, int rb) {
        int type = Math.abs(ra - rb) <= near ? 1 : 0;
        int error = runError(component, type);
        runIndex[component] = Math.max(0, runIndex[component] - 1);
        return type == 1 ? rebuilt(ra, error) : rebuilt(rb, rb < ra ? -error : error);
    }

    /** The error of the sample that ends a run (section A.7.2). */
    private int runError(int component, int type) {
        int q = CONTEXTS + type;
        int sum = type == 0 ? a[q] : a[q] + (n[q] >> 1);
        int k = 0;
        while (n[q] << k < sum && k < 24) {
            k++;
        }
        int mapped = code(k, limit - RUN_BITS[runIndex[component]] - 1);
        int twice = mapped + type;
        boolean odd = (twice & 1) == 1;
        int size = twice + 1 >> 1;
        boolean moreNegative = k != 0 || 2 * negative[type] >= n[q];
        int error = moreNegative == odd ? -size : size;
        if (error < 0) {
            negative[type]++;
        }
        a[q] += mapped + 1 - type >> 1;
        if (n[q] == presets.reset()) {
            a[q] >>= 1;
            n[q] >>= 1;
            negative[type] >>= 1;
        }
        n[q]++;
        return error;
    }
}
