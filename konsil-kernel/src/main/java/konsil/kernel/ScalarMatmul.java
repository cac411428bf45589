package konsil.kernel;

/** Products with packed weights as plain loops: each weight row is unpacked once and meets every row of x. */
final class ScalarMatmul {
    private static final int BLOCK = WeightFormat.BLOCK;

    private final Workers workers;

    ScalarMatmul(Workers workers) {
        this.workers = workers;
    }

    void matmul(Rows x, PackedWeights w, Rows y) {
        if (w.format().quantised()) {
            quantised(x, w, y);
        } else {
            floating(x, w, y);
        }
    }

    private void floating(Rows x, PackedWeights w, Rows y) {
        boolean bf16 = w.format() == WeightFormat.BF16;
        workers.run(w.format().groups(w.out()), group -> {
            var weights = new float[w.in()];
            for (int o = firstRow(w, group); o < firstRow(w, group + 1); o++) {
                long from = groupAddress(w, group);
                int inGroup = o % w.format().groupRows();
                for (int i = 0; i < w.in(); i++) {
                    weights[i] = bf16
                            ? Bf16.value(RawMemory.getShort(from + 128L * (i / 2) + 4 * inGroup + 2 * (i % 2)))
                            : RawMemory.getFloat(from + 128L * i + 4 * inGroup);
                }
                for (int r = 0; r < x.rows(); r++) {
                    float sum = 0;
                    for (int i = 0; i < w.in(); i++) {
                        float value = bf16 ? Bf16.round(x.get(r, i)) : x.get(r, i);
                        sum += value * weights[i];
                    }
                    y.set(r, o, sum);
                }
            }
        });
    }

    private void quantised(Rows x, PackedWeights w, Rows y) {
        int blocks = Math.ceilDiv(w.in(), BLOCK);
        var quants = new int[x.rows()][blocks * BLOCK];
        var scales = new float[x.rows()][blocks];
        for (int r = 0; r < x.rows(); r++) {
            for (int b = 0; b < blocks; b++) {
                scales[r][b] = quantiseBlock(x, r, b * BLOCK, quants[r]);
            }
        }
        workers.run(w.format().groups(w.out()), group -> {
            for (int o = firstRow(w, group); o < firstRow(w, group + 1); o++) {
                quantisedRow(w, o, quants, scales, y);
            }
        });
    }

    private static void quantisedRow(PackedWeights w, int o, int[][] quants, float[][] scales, Rows y) {
        int blocks = Math.ceilDiv(w.in(), BLOCK);
        var weights = new int[blocks * BLOCK];
        var weightScales = new float[blocks];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Superblock.quant(w, o, i);
        }
        for (int b = 0; b < blocks; b++) {
            long scale = Superblock.scale(w, o, b * BLOCK);
            weightScales[b] = Float.float16ToFloat(RawMemory.getShort(scale));
        }
        for (int r = 0; r < quants.length; r++) {
            float sum = 0;
            for (int b = 0; b < blocks; b++) {
                int whole = 0;
                for (int i = b * BLOCK; i < (b + 1) * BLOCK; i++) {
                    whole += weights[i] * quants[r][i];
                }
                sum += whole * (weightScales[b] * scales[r][b]);
            }
            y.set(r, o, sum);
        }
    }

    /**
     * Quantises the 32 columns from {@code col} on as {@link Kernels#quantise} says; those past the end are zero.
     *
     * @param quants the integers go to the same columns
     * @return the scale
     */
    static float quantiseBlock(Rows x, int row, int col, int[] quants) {
        int end = Math.min(x.cols(), col + BLOCK);
        float largest = 0;
        for (int i = col; i < end; i++) {
            largest = Math.max(largest, Math.abs(x.get(row, i))); // NaN wins
        }
        boolean finite = largest <= Float.MAX_VALUE;
        boolean counts = finite && largest >= 0x1p-100f;
        float factor = 127 / largest;
        for (int i = col; i < col + BLOCK; i++) {
            quants[i] = counts && i < end ? (int) Math.rint(x.get(row, i) * factor) : 0;
        }
        return finite && !counts ? 0 : largest / 127;
    }

    /** First row of a group, or {@code out} when the group is past the end. */
    private static int firstRow(PackedWeights w, int group) {
        return Math.min(w.out(), group * w.format().groupRows());
    }

    private static long groupAddress(PackedWeights w, int group) {
        return w.data().address() + group * w.format().groupBytes(w.in());
    }
}
