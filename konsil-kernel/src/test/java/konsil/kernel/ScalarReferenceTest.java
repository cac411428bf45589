package konsil.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reference against the formulas in double, written without a look at its code. */
final class ScalarReferenceTest {
    private final Matrices matrices = new Matrices();
    private final Workers workers = new Workers(2);
    private final Kernels kernels = new ScalarKernels(workers);

    @AfterEach
    void close() {
        workers.close();
        matrices.close();
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    void matmul(WeightFormat format) {
        int in = 100;
        var x = matrices.uniform(3, in);
        var w = matrices.packed(format, 37, in);
        var values = matrices.outputs(37, in);
        var y = matrices.outputs(3, 37);
        for (int o = 0; o < 37; o++) {
            WeightPacker.unpackRow(w, o, values, o);
        }
        kernels.matmul(x, w, y);
        for (int r = 0; r < 3; r++) {
            for (int o = 0; o < 37; o++) {
                double sum = 0;
                for (int i = 0; i < in; i++) {
                    sum += seen(format, x, r, i) * values.get(o, i);
                }
                // 100 terms below 1 in f32: 100 roundings of a sum near 10
                assertThat((double) y.get(r, o)).isCloseTo(sum, within(100 * 10 * 0x1p-24));
            }
        }
    }

    /** What a format makes of an element of x. */
    private static double seen(WeightFormat format, Rows x, int row, int col) {
        return switch (format) {
            case F32 -> x.get(row, col);
            case BF16 -> {
                // eight significant bits, ties to even
                double unit = Math.scalb(1.0, Math.getExponent(x.get(row, col)) - 7);
                yield Math.rint(x.get(row, col) / unit) * unit;
            }
            case Q8_0, Q4_0 -> {
                int block = col / 32 * 32;
                double largest = IntStream.range(block, Math.min(block + 32, x.cols()))
                        .mapToDouble(i -> Math.abs(x.get(row, i)))
                        .max()
                        .orElseThrow();
                yield Math.rint(x.get(row, col) * 127 / largest) * largest / 127;
            }
        };
    }

    private static org.assertj.core.data.Offset<Double> within(double offset) {
        return org.assertj.core.data.Offset.offset(offset);
    }

    @Test
    void attention() {
        var shape = new AttentionShape(4, 2, 10, 0.3f, 2);
        var kv = matrices.tiles(WeightFormat.F32, 2, 10, 3);
        var k = matrices.uniform(70, 20);
        var v = matrices.uniform(70, 20);
        var q = matrices.uniform(2, 40);
        var y = matrices.outputs(2, 40);
        kernels.store(k, v, kv, 0);
        kernels.attention(q, kv, new KeyRanges(new long[] {0, 31}, new long[] {70, 40}), shape, y);
        for (int head = 0; head < 4; head++) {
            for (int d = 0; d < 10; d++) {
                assertThat((double) y.get(0, head * 10 + d)).isCloseTo(attended(q, k, v, 0, head, d), within(1e-6));
                assertThat((double) y.get(1, head * 10 + d)).isCloseTo(attended(q, k, v, 1, head, d), within(1e-6));
            }
        }
    }

    private static double attended(Rows q, Rows k, Rows v, int query, int head, int d) {
        int kvHead = head / 2;
        double over = 0;
        double under = 0;
        for (int p = query == 0 ? 0 : 31; p < (query == 0 ? 70 : 40); p++) {
            double score = 0;
            for (int i = 0; i < 10; i++) {
                score += (double) q.get(query, head * 10 + i) * k.get(p, kvHead * 10 + i);
            }
            double weight = Math.exp(2 * Math.tanh(score * 0.3 / 2));
            over += weight * v.get(p, kvHead * 10 + d);
            under += weight;
        }
        return over / under;
    }

    @Test
    void norms() {
        var x = matrices.uniform(1, 33);
        var weight = matrices.uniform(1, 33);
        var bias = matrices.uniform(1, 33);
        var rms = matrices.outputs(1, 33);
        var layer = matrices.outputs(1, 33);
        kernels.rmsNorm(x, weight, 0.5f, rms);
        kernels.layerNorm(x, weight, bias, 0.5f, layer);
        double mean = columns(x).average().orElseThrow();
        double squares = columns(x).map(e -> e * e).average().orElseThrow();
        double deviation = Math.sqrt(squares - mean * mean + 0.5);
        for (int c = 0; c < 33; c++) {
            double scaled = x.get(0, c) / Math.sqrt(squares + 0.5) * weight.get(0, c);
            double normal = (x.get(0, c) - mean) / deviation * weight.get(0, c) + bias.get(0, c);
            assertThat((double) rms.get(0, c)).isCloseTo(scaled, within(1e-6));
            assertThat((double) layer.get(0, c)).isCloseTo(normal, within(1e-6));
        }
    }

    private static java.util.stream.DoubleStream columns(Rows x) {
        return IntStream.range(0, x.cols()).mapToDouble(c -> x.get(0, c));
    }

    @Test
    void softmaxes() {
        var x = matrices.uniform(1, 50);
        var soft = matrices.outputs(1, 50);
        var log = matrices.outputs(1, 50);
        kernels.softmax(x, soft);
        kernels.logSoftmax(x, log);
        double sum = columns(x).map(Math::exp).sum();
        for (int c = 0; c < 50; c++) {
            assertThat((double) soft.get(0, c)).isCloseTo(Math.exp(x.get(0, c)) / sum, within(1e-8));
            assertThat((double) log.get(0, c)).isCloseTo(x.get(0, c) - Math.log(sum), within(1e-6));
        }
    }

    /** A turn by an angle, written with complex numbers: (a + ib) e^(i angle). */
    @Test
    void ropeTurnsPairs() {
        var x = matrices.uniform(1, 8);
        var cos = matrices.outputs(1, 2);
        var sin = matrices.outputs(1, 2);
        double[] angles = {0.7, -2.1};
        for (int d = 0; d < 2; d++) {
            cos.set(0, d, (float) Math.cos(angles[d]));
            sin.set(0, d, (float) Math.sin(angles[d]));
        }
        var y = matrices.outputs(1, 8);
        kernels.rope(x, 4, cos, sin, y);
        for (int head = 0; head < 8; head += 4) {
            for (int d = 0; d < 2; d++) {
                double before = Math.atan2(x.get(0, head + d + 2), x.get(0, head + d));
                double after = Math.atan2(y.get(0, head + d + 2), y.get(0, head + d));
                assertThat(Math.cos(after - before)).isCloseTo(Math.cos(angles[d]), within(1e-6));
                assertThat(Math.sin(after - before)).isCloseTo(Math.sin(angles[d]), within(1e-6));
            }
        }
    }

    /** The formulas of {@link Activation} as Python's math module computes them, at -1, 0.5 and 3. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void activations(Activation f) {
        double[] wants =
                switch (f) {
                    case GELU_TANH -> new double[] {-0.15880800939172324, 0.34571400982514394, 2.996362607918227};
                    case SILU -> new double[] {-0.2689414213699951, 0.3112296656009273, 2.8577223804673};
                    case SIGMOID -> new double[] {0.2689414213699951, 0.6224593312018546, 0.9525741268224334};
                    case RELU -> new double[] {0, 0.5, 3};
                };
        var x = matrices.outputs(1, 3);
        x.set(0, 0, -1);
        x.set(0, 1, 0.5f);
        x.set(0, 2, 3);
        var twos = matrices.filled(1, 3, 2);
        var y = matrices.outputs(1, 3);
        var gated = matrices.outputs(1, 3);
        kernels.activate(f, x, y);
        kernels.gate(f, x, twos, gated);
        for (int i = 0; i < 3; i++) {
            assertThat((double) y.get(0, i)).isCloseTo(wants[i], within(3e-7));
            assertThat((double) gated.get(0, i)).isCloseTo(2 * wants[i], within(6e-7));
        }
    }

    @Test
    void convolutionsAndPools() {
        var x = matrices.uniform(9, 4);
        var taps = matrices.uniform(3, 4);
        var y = matrices.outputs(9, 4);
        kernels.depthwiseConv1d(x, taps, 1, y);
        var pooled = matrices.outputs(1, 4);
        kernels.averagePool(x, 3, pooled);
        for (int c = 0; c < 4; c++) {
            double mean = 0;
            for (int t = 0; t < 9; t++) {
                mean += x.get(t, c) / 9.0;
                double before = t == 0 ? 0 : (double) x.get(t - 1, c) * taps.get(0, c);
                double after = t == 8 ? 0 : (double) x.get(t + 1, c) * taps.get(2, c);
                double want = before + (double) x.get(t, c) * taps.get(1, c) + after;
                assertThat((double) y.get(t, c)).isCloseTo(want, within(1e-6));
            }
            assertThat((double) pooled.get(0, c)).isCloseTo(mean, within(1e-7));
        }
    }
}
