package konsil.kernel;

/**
 * Rows of x quantised for {@link VectorRow}: for each step of 64 bytes of weights, pairs of 16-bit numbers that fit the
 * bytes of an output row's columns. A vector of shorts holds the even bytes or the odd bytes of four columns, so the
 * pairs are columns (0, 2) and (1, 3).
 */
final class VectorIntegers {
    /** Pairs of a block in Q8_0: two for each step, even and odd columns. */
    static final int Q8_LENGTH = 16;

    /** Pairs of a block in Q4_0: the beginning of the sum, and four for each step. */
    static final int Q4_LENGTH = 17;

    private static final int BLOCK = WeightFormat.BLOCK;

    private boolean q8;
    private int blocks;
    private int[] pairs = {};
    private float[] scales = {};

    /** Takes in rows of x for weights in a Q format; what was here is forgotten. */
    void fill(Rows x, WeightFormat format) {
        q8 = format == WeightFormat.Q8_0;
        blocks = WeightFormat.paddedColumns(x.cols()) / BLOCK;
        int all = x.rows() * blocks;
        if (scales.length < all) {
            scales = new float[all];
            pairs = new int[all * Math.max(Q8_LENGTH, Q4_LENGTH)];
        }
        var quants = new int[BLOCK];
        for (int r = 0; r < x.rows(); r++) {
            for (int b = 0; b < blocks; b++) {
                scales[block(r, b)] = VectorQuantise.block(x, r, b * BLOCK, quants);
                if (q8) {
                    pairQ8(quants, at(block(r, b)));
                } else {
                    pairQ4(quants, at(block(r, b)));
                }
            }
        }
    }

    /** Number of a block of a row among all. */
    int block(int row, int block) {
        return row * blocks + block;
    }

    int[] pairs() {
        return pairs;
    }

    private int at(int block) {
        return block * (q8 ? Q8_LENGTH : Q4_LENGTH);
    }

    float scale(int block) {
        return scales[block];
    }

    private static int pair(int low, int high) {
        return low & 0xffff | high << 16;
    }

    private void pairQ8(int[] q, int to) {
        for (int i = 0; i < BLOCK; i += 4) {
            pairs[to + i / 2] = pair(q[i], q[i + 2]);
            pairs[to + i / 2 + 1] = pair(q[i + 1], q[i + 3]);
        }
    }

    /**
     * The nibbles of a short are a low and a high one of an even byte, and those of an odd byte: columns 0, 16, 1, 17
     * in one half, 2, 18, 3, 19 in the other. Nibbles are 8 too large, which is taken off where the sum begins.
     */
    private void pairQ4(int[] q, int to) {
        int first = 0;
        int second = 0;
        int high = BLOCK / 2;
        for (int i = 0; i < high; i += 4) {
            int at = to + 1 + i;
            pairs[at] = pair(q[i], q[i + 2]);
            pairs[at + 1] = pair(q[i + high] - 16 * q[i], q[i + 2 + high] - 16 * q[i + 2]);
            pairs[at + 2] = pair(q[i + 1] - 16 * q[i + high], q[i + 3] - 16 * q[i + 2 + high]);
            pairs[at + 3] = pair(q[i + 1 + high] - 16 * q[i + 1], q[i + 3 + high] - 16 * q[i + 3]);
            first += q[i] + q[i + high] + q[i + 1] + q[i + 1 + high];
            second += q[i + 2] + q[i + 2 + high] + q[i + 3] + q[i + 3 + high];
        }
        pairs[to] = pair(-8 * first, -8 * second);
    }
}
