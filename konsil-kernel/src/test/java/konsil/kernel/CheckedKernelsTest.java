package konsil.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Right sizes reach the kernels, wrong ones do not. */
final class CheckedKernelsTest {
    private final Matrices matrices = new Matrices();
    private final Kernels kernels = new CheckedKernels(new UnreachableKernels());

    @AfterEach
    void close() {
        matrices.close();
    }

    private Rows m(int rows, int cols) {
        return matrices.uniform(rows, cols);
    }

    /** Two rows of three columns that share two of them. */
    private Rows overlapping() {
        return new Rows(m(4, 2).data(), 2, 3, 1);
    }

    private static void passes(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(AssertionError.class).hasMessageEndingWith("was reached");
    }

    private static void fails(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(SizeException.class);
    }

    @Test
    void matmul() {
        var w = matrices.packed(WeightFormat.F32, 3, 5);
        passes(() -> kernels.matmul(m(2, 5), w, m(2, 3)));
        fails(() -> kernels.matmul(m(2, 4), w, m(2, 3)));
        fails(() -> kernels.matmul(m(2, 5), w, m(2, 4)));
        fails(() -> kernels.matmul(m(2, 5), w, m(3, 3)));
        fails(() -> kernels.matmul(m(2, 5), w, overlapping()));
    }

    @Test
    void store() {
        var kv = matrices.tiles(WeightFormat.F32, 2, 4, 1);
        passes(() -> kernels.store(m(3, 8), m(3, 8), kv, 0));
        fails(() -> kernels.store(m(3, 7), m(3, 8), kv, 0));
        fails(() -> kernels.store(m(3, 8), m(3, 4), kv, 0));
        fails(() -> kernels.store(m(3, 8), m(2, 8), kv, 0));
        fails(() -> kernels.store(m(3, 8), m(3, 8), kv, -1));
        fails(() -> kernels.store(m(33, 8), m(33, 8), kv, 0));
    }

    @Test
    void attention() {
        var kv = matrices.tiles(WeightFormat.F32, 2, 4, 1);
        var shape = new AttentionShape(6, 2, 4, 1, 0);
        var full = KeyRanges.full(3, 32);
        passes(() -> kernels.attention(m(3, 24), kv, full, shape, m(3, 24)));
        fails(() -> kernels.attention(m(2, 24), kv, full, shape, m(3, 24)));
        fails(() -> kernels.attention(m(3, 23), kv, full, shape, m(3, 24)));
        fails(() -> kernels.attention(m(3, 24), kv, full, shape, m(3, 25)));
        fails(() -> kernels.attention(m(3, 24), kv, full, shape, m(2, 24)));
        fails(() -> kernels.attention(m(3, 24), kv, full, new AttentionShape(6, 3, 4, 1, 0), m(3, 24)));
        fails(() -> kernels.attention(m(3, 30), kv, full, new AttentionShape(6, 2, 5, 1, 0), m(3, 30)));
        fails(() -> kernels.attention(m(3, 24), kv, KeyRanges.full(3, 33), shape, m(3, 24)));
        fails(() -> kernels.attention(m(1, 24), kv, ranges(-1, 4), shape, m(1, 24)));
        passes(() -> kernels.attention(m(1, 24), kv, ranges(100, 132), shape, m(1, 24)));
        fails(() -> kernels.attention(m(1, 24), kv, ranges(100, 133), shape, m(1, 24)));
        var apart = new KeyRanges(new long[] {0, 20}, new long[] {20, 40}); // each fits, both together do not
        fails(() -> kernels.attention(m(2, 24), kv, apart, shape, m(2, 24)));
        passes(() -> kernels.attention(m(1, 24), kv, ranges(7, 2), shape, m(1, 24)));
    }

    private static KeyRanges ranges(long from, long to) {
        return new KeyRanges(new long[] {from}, new long[] {to});
    }

    @Test
    void norms() {
        passes(() -> kernels.rmsNorm(m(2, 3), m(1, 3), 1e-6f, m(2, 3)));
        fails(() -> kernels.rmsNorm(m(2, 3), m(1, 4), 1e-6f, m(2, 3)));
        fails(() -> kernels.rmsNorm(m(2, 3), m(2, 3), 1e-6f, m(2, 3)));
        fails(() -> kernels.rmsNorm(m(2, 3), m(1, 3), 1e-6f, m(3, 3)));
        fails(() -> kernels.rmsNorm(m(2, 3), m(1, 3), 1e-6f, m(2, 2)));
        fails(() -> kernels.rmsNorm(m(2, 3), m(1, 3), 1e-6f, overlapping()));
        passes(() -> kernels.layerNorm(m(2, 3), m(1, 3), m(1, 3), 1e-6f, m(2, 3)));
        fails(() -> kernels.layerNorm(m(2, 3), m(1, 2), m(1, 3), 1e-6f, m(2, 3)));
        fails(() -> kernels.layerNorm(m(2, 3), m(1, 3), m(1, 2), 1e-6f, m(2, 3)));
        fails(() -> kernels.layerNorm(m(2, 3), m(1, 3), m(1, 3), 1e-6f, m(2, 4)));
    }

    @Test
    void rope() {
        passes(() -> kernels.rope(m(2, 8), 4, m(2, 2), m(2, 2), m(2, 8)));
        fails(() -> kernels.rope(m(2, 6), 3, m(2, 1), m(2, 1), m(2, 6)));
        fails(() -> kernels.rope(m(2, 8), 6, m(2, 3), m(2, 3), m(2, 8)));
        fails(() -> kernels.rope(m(2, 8), 0, m(2, 0), m(2, 0), m(2, 8)));
        fails(() -> kernels.rope(m(2, 8), 4, m(2, 4), m(2, 2), m(2, 8)));
        fails(() -> kernels.rope(m(2, 8), 4, m(2, 2), m(1, 2), m(2, 8)));
        fails(() -> kernels.rope(m(2, 8), 4, m(2, 2), m(2, 2), m(2, 9)));
    }

    @Test
    void elements() {
        passes(() -> kernels.add(m(2, 3), m(2, 3), m(2, 3)));
        fails(() -> kernels.add(m(2, 3), m(2, 4), m(2, 3)));
        fails(() -> kernels.add(m(2, 3), m(2, 3), m(1, 3)));
        fails(() -> kernels.add(m(2, 3), m(2, 3), overlapping()));
        passes(() -> kernels.addBias(m(2, 3), m(1, 3), m(2, 3)));
        fails(() -> kernels.addBias(m(2, 3), m(2, 3), m(2, 3)));
        fails(() -> kernels.addBias(m(2, 3), m(1, 3), m(2, 2)));
        passes(() -> kernels.scale(m(2, 3), 2, m(2, 3)));
        fails(() -> kernels.scale(m(2, 3), 2, m(3, 2)));
        passes(() -> kernels.activate(Activation.SILU, m(2, 3), m(2, 3)));
        fails(() -> kernels.activate(Activation.SILU, m(2, 3), m(2, 1)));
        passes(() -> kernels.gate(Activation.SILU, m(2, 3), m(2, 3), m(2, 3)));
        fails(() -> kernels.gate(Activation.SILU, m(2, 3), m(2, 1), m(2, 3)));
        fails(() -> kernels.gate(Activation.SILU, m(2, 3), m(2, 3), m(2, 1)));
    }

    @Test
    void rows() {
        passes(() -> kernels.softmax(m(2, 3), m(2, 3)));
        fails(() -> kernels.softmax(m(2, 3), m(2, 4)));
        passes(() -> kernels.logSoftmax(m(2, 3), m(2, 3)));
        fails(() -> kernels.logSoftmax(m(2, 3), m(1, 3)));
        passes(() -> kernels.argmax(m(2, 3), new int[2]));
        fails(() -> kernels.argmax(m(2, 3), new int[3]));
        fails(() -> kernels.argmax(m(2, 0), new int[2]));
        passes(() -> kernels.argmax(m(0, 0), new int[0]));
    }

    @Test
    void conv1d() {
        var w = matrices.packed(WeightFormat.F32, 5, 6);
        passes(() -> kernels.conv1d(m(9, 2), w, 2, m(4, 5)));
        fails(() -> kernels.conv1d(m(9, 2), w, 2, m(3, 5)));
        fails(() -> kernels.conv1d(m(9, 2), w, 2, m(4, 6)));
        fails(() -> kernels.conv1d(m(9, 4), w, 2, m(4, 5)));
        fails(() -> kernels.conv1d(m(9, 2), w, 0, m(7, 5)));
        fails(() -> kernels.conv1d(m(9, 0), w, 1, m(7, 5)));
        fails(() -> kernels.conv1d(matrices.uniform(9, 2, 3), w, 2, m(4, 5)));
        passes(() -> kernels.conv1d(m(2, 2), w, 2, m(0, 5)));
        fails(() -> kernels.conv1d(m(2, 2), w, 2, m(1, 5)));
    }

    @Test
    void depthwiseConv1d() {
        var x = m(4, 3);
        passes(() -> kernels.depthwiseConv1d(x, m(2, 3), 1, m(4, 3)));
        fails(() -> kernels.depthwiseConv1d(x, m(2, 2), 1, m(4, 3)));
        fails(() -> kernels.depthwiseConv1d(x, m(2, 3), 1, m(5, 3)));
        fails(() -> kernels.depthwiseConv1d(x, m(2, 3), -1, m(4, 3)));
        fails(() -> kernels.depthwiseConv1d(x, m(2, 3), 1, x));
    }

    @Test
    void images() {
        passes(() -> kernels.patches(m(8, 6), 2, 2, m(6, 8)));
        fails(() -> kernels.patches(m(8, 6), 2, 2, m(6, 4)));
        fails(() -> kernels.patches(m(8, 6), 2, 2, m(5, 8)));
        fails(() -> kernels.patches(m(8, 6), 3, 2, m(6, 8)));
        fails(() -> kernels.patches(m(8, 6), 2, 3, m(2, 18)));
        fails(() -> kernels.patches(m(8, 7), 2, 2, m(6, 8)));
        fails(() -> kernels.patches(m(8, 6), 0, 2, m(6, 8)));
        fails(() -> kernels.patches(m(8, 6), 2, 0, m(6, 8)));
        passes(() -> kernels.averagePool(m(16, 3), 2, m(4, 3)));
        fails(() -> kernels.averagePool(m(15, 3), 1, m(15, 3)));
        fails(() -> kernels.averagePool(m(16, 3), 3, m(1, 3)));
        fails(() -> kernels.averagePool(m(16, 3), 0, m(4, 3)));
        fails(() -> kernels.averagePool(m(16, 3), 2, m(4, 2)));
    }

    @Test
    void formats() {
        passes(() -> kernels.toBf16(m(2, 3), matrices.bytes(12)));
        fails(() -> kernels.toBf16(m(2, 3), matrices.bytes(11)));
        fails(() -> kernels.toBf16(m(2, 3), MemorySegment.ofArray(new byte[12])));
        passes(() -> kernels.fromBf16(matrices.bytes(12), m(2, 3)));
        fails(() -> kernels.fromBf16(matrices.bytes(14), m(2, 3)));
        fails(() -> kernels.fromBf16(matrices.bytes(12), overlapping()));
        passes(() -> kernels.quantise(m(2, 33), matrices.bytes(128), m(2, 2)));
        fails(() -> kernels.quantise(m(2, 33), matrices.bytes(66), m(2, 2)));
        fails(() -> kernels.quantise(m(2, 33), matrices.bytes(128), m(2, 1)));
    }
}
