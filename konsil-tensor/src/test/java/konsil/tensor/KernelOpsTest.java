package konsil.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import konsil.kernel.Activation;
import konsil.kernel.AttentionShape;
import konsil.kernel.WeightFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every op against its formula, written out. Kernels have their own tests; here it is shapes, order and argument. */
final class KernelOpsTest {
    private static final float EPS = 1e-6f;

    private final Values v = new Values();

    @AfterEach
    void close() {
        v.close();
    }

    /** What an element of the result should be. */
    private interface Formula {
        double at(int row, int col);
    }

    private static void equals(Tensor y, int rows, int cols, Formula want) {
        assertThat(y.rows().rows()).isEqualTo(rows);
        assertThat(y.cols()).isEqualTo(cols);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                assertThat(y.rows().get(r, c)).as("[%d, %d]", r, c).isCloseTo((float) want.at(r, c), within(2e-5f));
            }
        }
    }

    private static double at(Tensor x, int row, int col) {
        return x.rows().get(row, col);
    }

    private static double at(Tensor x, int i) {
        return x.rows().get(0, i);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Test
    void embedReadsRowsOfEveryFormat() {
        Tensor table = v.random(50, 70);
        int[] ids = {49, 0, 17, 17};
        equals(v.ops.embed(ids, table, 3), 4, 70, (r, c) -> 3 * at(table, ids[r], c));
        for (var format : WeightFormat.values()) {
            float step = format == WeightFormat.F32 ? 0 : format == WeightFormat.Q4_0 ? 0.4f : 0.03f;
            Tensor y = v.ops.embed(ids, v.packed(table, format), 1);
            for (int c = 0; c < 70; c++) {
                assertThat(y.rows().get(2, c)).as(format + " %d", c).isCloseTo((float) at(table, 17, c), within(step));
            }
        }
    }

    @Test
    void linearMultipliesPlainAndPackedAlike() {
        Tensor x = v.random(5, 40);
        Tensor w = v.random(33, 40);
        Tensor y = v.ops.linear(x, w);
        equals(y, 5, 33, (r, o) -> {
            double sum = 0;
            for (int i = 0; i < 40; i++) {
                sum += at(x, r, i) * at(w, o, i);
            }
            return sum;
        });
        assertThat(v.ops.linear(x, v.packed(w, WeightFormat.F32)).toArray()).isEqualTo(y.toArray());
    }

    @Test
    void projectionsWithAnAdapterEqualTheMergedMatrix() {
        Tensor x = v.random(6, 40);
        Tensor w = v.random(24, 40);
        Tensor a = v.random(3, 40);
        Tensor b = v.random(24, 3);
        Tensor merged = v.random(24, 40);
        float[] sum = w.toArray();
        for (int o = 0; o < 24; o++) {
            for (int i = 0; i < 40; i++) {
                for (int k = 0; k < 3; k++) {
                    sum[o * 40 + i] += 0.25f * (float) (at(b, o, k) * at(a, k, i));
                }
            }
        }
        merged.copyFrom(sum);
        var adapted = new Projection.LowRank(Projection.of(w), a, b, 0.25f);
        Tensor want = v.ops.project(x, Projection.of(merged));
        equals(v.ops.project(x, adapted), 6, 24, (r, c) -> at(want, r, c));
        var packed = new Projection.LowRank(
                Projection.of(v.packed(w, WeightFormat.F32)),
                v.packed(a, WeightFormat.F32),
                v.packed(b, WeightFormat.F32),
                0.25f);
        assertThat(v.ops.project(x, packed).toArray())
                .isEqualTo(v.ops.project(x, adapted).toArray());
        assertThat(adapted.in()).isEqualTo(40);
        assertThat(adapted.out()).isEqualTo(24);
    }

    @Test
    void sums() {
        Tensor x = v.random(2, 3, 7);
        Tensor z = v.random(2, 3, 7);
        Tensor bias = v.random(7);
        equals(v.ops.add(x, z), 6, 7, (r, c) -> at(x, r, c) + at(z, r, c));
        equals(v.ops.addBias(x, bias), 6, 7, (r, c) -> at(x, r, c) + at(bias, c));
        equals(v.ops.scale(x, -1.5f), 6, 7, (r, c) -> -1.5 * at(x, r, c));
        assertThat(v.ops.add(x, z).shape()).containsExactly(2, 3, 7);
    }

    @Test
    void rmsNormWorksOnEachHead() {
        Tensor x = v.random(4, 24);
        Tensor weight = v.random(8);
        equals(v.ops.rmsNorm(x, weight, EPS), 4, 24, (r, c) -> {
            double squares = 0;
            for (int i = 0; i < 8; i++) {
                squares += Math.pow(at(x, r, c / 8 * 8 + i), 2);
            }
            return at(x, r, c) / Math.sqrt(squares / 8 + EPS) * at(weight, c % 8);
        });
    }

    @Test
    void layerNormAndBatchNorm() {
        Tensor x = v.random(4, 9);
        Tensor weight = v.random(9);
        Tensor bias = v.random(9);
        equals(v.ops.layerNorm(x, weight, bias, EPS), 4, 9, (r, c) -> {
            double mean = 0;
            double squares = 0;
            for (int i = 0; i < 9; i++) {
                mean += at(x, r, i) / 9;
            }
            for (int i = 0; i < 9; i++) {
                squares += Math.pow(at(x, r, i) - mean, 2);
            }
            return (at(x, r, c) - mean) / Math.sqrt(squares / 9 + EPS) * at(weight, c) + at(bias, c);
        });
        var statistics = new BatchStatistics(v.random(9), v.positive(9), 1e-5f);
        equals(v.ops.batchNorm(x, statistics, weight, bias), 4, 9, (r, c) -> {
            double centred = at(x, r, c) - at(statistics.mean(), c);
            return centred / Math.sqrt(at(statistics.variance(), c) + 1e-5) * at(weight, c) + at(bias, c);
        });
        var observed = new BatchStatistics(v.random(9), v.random(9), 1e-5f, true);
        equals(v.ops.batchNorm(x, observed, weight, bias), 4, 9, (r, c) -> {
            double mean = IntStream.range(0, 4)
                    .mapToDouble(i -> at(x, i, c))
                    .average()
                    .orElseThrow();
            double variance = IntStream.range(0, 4)
                    .mapToDouble(i -> Math.pow(at(x, i, c) - mean, 2))
                    .average()
                    .orElseThrow();
            assertThat(at(observed.mean(), c)).isCloseTo(mean, within(1e-6));
            assertThat(at(observed.variance(), c)).isCloseTo(variance, within(1e-6));
            return (at(x, r, c) - mean) / Math.sqrt(variance + 1e-5) * at(weight, c) + at(bias, c);
        });
    }

    @Test
    void ropeTurnsPairsByTheirPosition() {
        Tensor x = v.random(3, 16);
        var table = new RopeTable(8, 10_000, 2);
        long[] positions = {5, 1_000, 0};
        Formula turned = (r, c) -> {
            int d = c % 8;
            double angle = table.angle(positions[r], d % 4);
            double other = at(x, r, d < 4 ? c + 4 : c - 4);
            return at(x, r, c) * Math.cos(angle) + (d < 4 ? -other : other) * Math.sin(angle);
        };
        equals(v.ops.rope(x, table, positions), 3, 16, turned);
        Tensor one = v.random(1, 8);
        assertThat(v.ops.rope(one, table, new long[] {0}).toArray()).isEqualTo(one.toArray());
        v.space.reset();
        equals(v.ops.rope(x, table, positions), 3, 16, turned);
    }

    @Test
    void attentionIsSoftmaxOverWhatTheMaskShows() {
        Tensor q = v.random(40, 12);
        Tensor k = v.random(40, 6);
        Tensor values = v.random(40, 6);
        var imageOf = new int[40];
        Arrays.fill(imageOf, -1);
        Arrays.fill(imageOf, 3, 12, 0);
        var spec = new AttentionSpec(
                new AttentionShape(4, 2, 3, 0.7f, 0), Mask.causal(imageOf).window(6));
        Tensor y = v.ops.attention(q, k, values, spec, new KvLayer.PassThrough(WeightFormat.F32));
        equals(y, 40, 12, (row, col) -> {
            int head = col / 3;
            double sum = 0;
            double weighted = 0;
            for (int key = 0; key < 40; key++) {
                if (spec.mask().sees(row, key)) {
                    double score = 0;
                    for (int d = 0; d < 3; d++) {
                        score += at(q, row, head * 3 + d) * at(k, key, head / 2 * 3 + d);
                    }
                    sum += Math.exp(0.7 * score);
                    weighted += Math.exp(0.7 * score) * at(values, key, head / 2 * 3 + col % 3);
                }
            }
            return weighted / sum;
        });
    }

    @Test
    void activations() {
        Tensor x = v.random(3, 10);
        Tensor up = v.random(3, 10);
        equals(v.ops.activate(Activation.SILU, x), 3, 10, (r, c) -> at(x, r, c) * sigmoid(at(x, r, c)));
        equals(v.ops.gate(Activation.RELU, x, up), 3, 10, (r, c) -> Math.max(0, at(x, r, c)) * at(up, r, c));
        equals(v.ops.glu(x), 3, 5, (r, c) -> at(x, r, c) * sigmoid(at(x, r, c + 5)));
    }

    @Test
    void convolutions() {
        Tensor x = v.random(12, 4);
        Tensor w = v.random(6, 5, 4);
        Formula convolved = (t, o) -> {
            double sum = 0;
            for (int k = 0; k < 5; k++) {
                for (int c = 0; c < 4; c++) {
                    sum += at(x, 2 * t + k, c) * at(w, o * 5 + k, c);
                }
            }
            return sum;
        };
        equals(v.ops.conv1d(x, w, 2), 4, 6, convolved);
        equals(v.ops.conv1d(x, v.packed(w, WeightFormat.F32), 2), 4, 6, convolved);
        Tensor taps = v.random(3, 4);
        equals(v.ops.depthwiseConv1d(x, taps, 1), 12, 4, (t, c) -> {
            double sum = 0;
            for (int k = Math.max(0, 1 - t); k < Math.min(3, 13 - t); k++) {
                sum += at(taps, k, c) * at(x, t + k - 1, c);
            }
            return sum;
        });
    }

    @Test
    void piecesAreConvolvedAsIfEachWereAlone() {
        Tensor x = v.random(12, 4);
        Tensor taps = v.random(6, 4);
        float[] together =
                v.ops.depthwiseConv1d(x, taps, 2, new int[] {7, 0, 5}).toArray();
        float[] first =
                v.ops.depthwiseConv1d(v.ops.selectRows(x, rows(0, 7)), taps, 2).toArray();
        float[] second =
                v.ops.depthwiseConv1d(v.ops.selectRows(x, rows(7, 12)), taps, 2).toArray();
        assertThat(Arrays.copyOf(together, first.length)).isEqualTo(first);
        assertThat(Arrays.copyOfRange(together, first.length, together.length)).isEqualTo(second);
    }

    private static int[] rows(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    @Test
    void patchesAndPools() {
        Tensor image = v.random(3, 4, 6);
        equals(v.ops.patches(image, 2), 6, 12, (patch, i) -> {
            int row = patch / 3 * 2 + i % 4 / 2;
            int col = patch % 3 * 2 + i % 2;
            return at(image, i / 4 * 4 + row, col);
        });
        Tensor grid = v.random(16, 5);
        equals(v.ops.averagePool(grid, 2), 4, 5, (r, c) -> {
            int corner = r / 2 * 8 + r % 2 * 2;
            return (at(grid, corner, c) + at(grid, corner + 1, c) + at(grid, corner + 4, c) + at(grid, corner + 5, c))
                    / 4;
        });
    }

    @Test
    void rowsInAndOut() {
        Tensor x = v.random(5, 4);
        Tensor soft = v.random(2, 4);
        equals(
                v.ops.scatterRows(x, new int[] {1, 3}, soft),
                5,
                4,
                (r, c) -> r % 2 == 1 ? at(soft, r / 2, c) : at(x, r, c));
        equals(v.ops.selectRows(x, new int[] {4, 0, 4}), 3, 4, (r, c) -> at(x, r == 1 ? 0 : 4, c));
    }

    @Test
    void opsLeaveNothingBehindButTheirResults() {
        Tensor x = v.random(64, 40);
        Tensor w = v.random(33, 40);
        Tensor first = v.ops.linear(x, w);
        Tensor second = v.ops.linear(x, w);
        long apart = second.rows().data().address() - first.rows().data().address();
        assertThat(apart).isEqualTo(Math.ceilDiv(64L * 33 * 4, 64) * 64);
    }
}
