package konsil.media.codec;

/**
 * The inverse cosine transform in fixed point: the algorithm of C. Loeffler, A. Ligtenberg and G. Moschytz (ICASSP
 * 1989) with 13 bits of fraction, columns first, with two guard bits between the passes (one for 12-bit samples), as
 * libjpeg's slow integer transform has it.
 */
final class JpegInverse {
    private static final int FRACTION = 13;
    private static final int C_0_298 = fixed(0.298631336);
    private static final int C_0_390 = fixed(0.390180644);
    private static final int C_0_541 = fixed(0.541196100);
    private static final int C_0_765 = fixed(0.765366865);
    private static final int C_0_899 = fixed(0.899976223);
    private static final int C_1_175 = fixed(1.175875602);
    private static final int C_1_501 = fixed(1.501321110);
    private static final int C_1_847 = fixed(1.847759065);
    private static final int C_1_961 = fixed(1.961570560);
    private static final int C_2_053 = fixed(2.053119869);
    private static final int C_2_562 = fixed(2.562915447);
    private static final int C_3_072 = fixed(3.072711026);

    private final int[] table;
    private final int guard;
    private final int middle;
    private final int most;
    private final int[] work = new int[64];
    private final int[] line = new int[8];

    JpegInverse(int bits, int[] table) {
        this.table = table;
        this.guard = bits == 8 ? 2 : 1;
        this.middle = 1 << (bits - 1);
        this.most = (1 << bits) - 1;
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << FRACTION) + 0.5);
    }

    /** @return the samples of a component: its width times its height */
    short[] plane(short[] coefficients, JpegComponent c) {
        short[] plane = new short[c.width() * c.height()];
        into(coefficients, c, plane, 0, 1);
        return plane;
    }

    /**
     * Writes the samples of a component.
     *
     * @param first place of the first
     * @param step to the next
     */
    void into(short[] coefficients, JpegComponent c, short[] out, int first, int step) {
        for (int by = 0; 8 * by < c.height(); by++) {
            for (int bx = 0; 8 * bx < c.width(); bx++) {
                block(coefficients, 64 * (by * c.blockColumns() + bx));
                int columns = Math.min(8, c.width() - 8 * bx);
                for (int y = 0; y < Math.min(8, c.height() - 8 * by); y++) {
                    int to = first + ((8 * by + y) * c.width() + 8 * bx) * step;
                    for (int x = 0; x < columns; x++, to += step) {
                        out[to] = (short) work[8 * y + x];
                    }
                }
            }
        }
    }

    private void block(short[] coefficients, int at) {
        for (int column = 0; column < 8; column++) {
            int others = 0;
            for (int i = 0; i < 8; i++) {
                line[i] = coefficients[at + 8 * i + column] * table[8 * i + column];
                others |= i == 0 ? 0 : line[i];
            }
            if (others == 0) {
                int value = line[0] << guard;
                for (int i = 0; i < 8; i++) {
                    work[8 * i + column] = value;
                }
                continue;
            }
            transform(FRACTION - guard);
            for (int i = 0; i < 8; i++) {
                work[8 * i + column] = line[i];
            }
        }
        for (int row = 0; row < 64; row += 8) {
            System.arraycopy(work, row, line, 0, 8);
            transform(FRACTION + guard + 3);
            for (int i = 0; i < 8; i++) {
                work[row + i] = Math.clamp(line[i] + middle, 0, most);
            }
        }
    }

    private void transform(int shift) {
        int half = 1 << (shift - 1);
        int z1 = (line[2] + line[6]) * C_0_541;
        int t2 = z1 - line[6] * C_1_847;
        int t3 = z1 + line[2] * C_0_765;
        int t0 = line[0] + line[4] << FRACTION;
        int t1 = line[0] - line[4] << FRACTION;
        int e0 = t0 + t3 + half;
        int e3 = t0 - t3 + half;
        int e1 = t1 + t2 + half;
        int e2 = t1 - t2 + half;
        int a = line[7];
        int b = line[5];
        int c = line[3];
        int d = line[1];
        int z5 = (a + c + b + d) * C_1_175;
        int y1 = -(a + d) * C_0_899;
        int y2 = -(b + c) * C_2_562;
        int y3 = z5 - (a + c) * C_1_961;
        int y4 = z5 - (b + d) * C_0_390;
        int o0 = a * C_0_298 + y1 + y3;
        int o1 = b * C_2_053 + y2 + y4;
        int o2 = c * C_3_072 + y2 + y3;
        int o3 = d * C_1_501 + y1 + y4;
        line[0] = e0 + o3 >> shift;
        line[7] = e0 - o3 >> shift;
        line[1] = e1 + o2 >> shift;
        line[6] = e1 - o2 >> shift;
        line[2] = e2 + o1 >> shift;
        line[5] = e2 - o1 >> shift;
        line[3] = e3 + o0 >> shift;
        line[4] = e3 - o0 >> shift;
    }
}
