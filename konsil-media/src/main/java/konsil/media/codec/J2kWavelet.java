package konsil.media.codec;

/**
 * The inverse wavelet transforms (ITU-T T.800 annex F), level by level in place. A plane holds the low coefficients of
 * each level left and above, the high ones right and below.
 */
final class J2kWavelet {
    /** Columns that are transformed together, so that rows are read in pieces of a cache line. */
    private static final int GROUP = 16;

    private static final float ALPHA = (float) -1.586134342059924;
    private static final float BETA = (float) -0.052980118572961;
    private static final float GAMMA = (float) 0.882911075530934;
    private static final float DELTA = (float) 0.443506852043971;
    private static final float K = (float) 1.230174104914001;

    private final J2kComponent component;
    private final int stride;

    J2kWavelet(J2kComponent component) {
        this.component = component;
        this.stride = component.width();
    }

    /** 5/3 in whole numbers. */
    void reversible(int[] plane) {
        int longest = Math.max(component.width(), component.height());
        int[] line = new int[longest * GROUP];
        for (int r = 1; r <= component.coding.levels(); r++) {
            int[] e = component.resolution(r);
            int[] low = component.resolution(r - 1);
            int width = e[2] - e[0];
            int height = e[3] - e[1];
            for (int y = 0; y < height; y++) {
                int from = y * stride;
                spread(plane, new int[] {from, 1}, line, new int[] {width, low[2] - low[0], e[0] & 1, 1});
                lift53(line, width, e[0] & 1, 1);
                System.arraycopy(line, 0, plane, from, width);
            }
            for (int x = 0; x < width; x += GROUP) {
                int group = Math.min(GROUP, width - x);
                spread(plane, new int[] {x, stride}, line, new int[] {height, low[3] - low[1], e[1] & 1, group});
                lift53(line, height, e[1] & 1, group);
                for (int y = 0; y < height; y++) {
                    System.arraycopy(line, y * group, plane, y * stride + x, group);
                }
            }
        }
    }

    /** @param source first place, step; @param shape length, low coefficients, parity of the first, columns */
    private static void spread(int[] plane, int[] source, int[] line, int[] shape) {
        int odd = shape[2];
        int group = shape[3];
        int low = shape[1];
        for (int i = 0; i < shape[0]; i++) {
            int to = (i < low ? 2 * i + odd : 2 * (i - low) + 1 - odd) * group;
            System.arraycopy(plane, source[0] + i * source[1], line, to, group);
        }
    }

    private static void lift53(int[] a, int n, int odd, int group) {
        if (n == 1) {
            for (int j = 0; j < group && odd == 1; j++) {
                a[j] >>= 1;
            }
            return;
        }
        for (int i = odd; i < n; i += 2) {
            int left = (i > 0 ? i - 1 : 1) * group;
            int right = (i + 1 < n ? i + 1 : i - 1) * group;
            int at = i * group;
            for (int j = 0; j < group; j++) {
                a[at + j] -= a[left + j] + a[right + j] + 2 >> 2;
            }
        }
        for (int i = 1 - odd; i < n; i += 2) {
            int left = (i > 0 ? i - 1 : 1) * group;
            int right = (i + 1 < n ? i + 1 : i - 1) * group;
            int at = i * group;
            for (int j = 0; j < group; j++) {
                a[at + j] += a[left + j] + a[right + j] >> 1;
            }
        }
    }

    /** 9/7 in floating point. */
    void irreversible(float[] plane) {
        int longest = Math.max(component.width(), component.height());
        float[] line = new float[longest * GROUP];
        for (int r = 1; r <= component.coding.levels(); r++) {
            int[] e = component.resolution(r);
            int[] low = component.resolution(r - 1);
            int width = e[2] - e[0];
            int height = e[3] - e[1];
            for (int y = 0; y < height; y++) {
                int from = y * stride;
                spread(plane, new int[] {from, 1}, line, new int[] {width, low[2] - low[0], e[0] & 1, 1});
                lift97(line, width, e[0] & 1, 1);
                System.arraycopy(line, 0, plane, from, width);
            }
            for (int x = 0; x < width; x += GROUP) {
                int group = Math.min(GROUP, width - x);
                spread(plane, new int[] {x, stride}, line, new int[] {height, low[3] - low[1], e[1] & 1, group});
                lift97(line, height, e[1] & 1, group);
                for (int y = 0; y < height; y++) {
                    System.arraycopy(line, y * group, plane, y * stride + x, group);
                }
            }
        }
    }

    private static void spread(float[] plane, int[] source, float[] line, int[] shape) {
        int odd = shape[2];
        int group = shape[3];
        int low = shape[1];
        for (int i = 0; i < shape[0]; i++) {
            int to = (i < low ? 2 * i + odd : 2 * (i - low) + 1 - odd) * group;
            System.arraycopy(plane, source[0] + i * source[1], line, to, group);
        }
    }

    private static void lift97(float[] a, int n, int odd, int group) {
        if (n == 1) {
            for (int j = 0; j < group && odd == 1; j++) {
                a[j] *= 0.5f;
            }
            return;
        }
        for (int i = 0; i < n; i++) {
            float factor = (i & 1) == odd ? K : 1 / K;
            for (int j = 0; j < group; j++) {
                a[i * group + j] *= factor;
            }
        }
        step(a, n, new int[] {odd, group}, DELTA);
        step(a, n, new int[] {1 - odd, group}, GAMMA);
        step(a, n, new int[] {odd, group}, BETA);
        step(a, n, new int[] {1 - odd, group}, ALPHA);
    }

    /** Takes neighbours times a factor away from every second value. @param start first of them, columns */
    private static void step(float[] a, int n, int[] start, float factor) {
        int group = start[1];
        for (int i = start[0]; i < n; i += 2) {
            int left = (i > 0 ? i - 1 : 1) * group;
            int right = (i + 1 < n ? i + 1 : i - 1) * group;
            int at = i * group;
            for (int j = 0; j < group; j++) {
                a[at + j] -= factor * (a[left + j] + a[right + j]);
            }
        }
    }
}
