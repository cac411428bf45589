package konsil.kernel;

import java.util.Optional;
import java.util.Random;

/**
 * A quick look, at every start, whether kernels compute what the scalar ones do: one small case of each routine, with
 * odd sizes. It protects against processors and virtual machines that do not do what they claim; the full comparison is
 * the contract test's.
 */
final class SelfTest {
    /** f32 sums of a hundred terms differ by less; a wrong instruction by far more. */
    private static final float TOLERANCE = 1e-4f;

    /** With bf16 numerators of the softmax, whose last bit may fall either way. */
    private static final float BF16_TOLERANCE = 2e-2f;

    /** A full panel and a rest, for either kind of matrix tile. */
    private static final int MATMUL_ROWS = 15;

    private static final int ROWS = 2;
    private static final int COLUMNS = 39;
    private static final int HEAD_DIM = 24;

    private final Kernels reference;
    private final NativeMemory memory = new NativeMemory();
    private final Random random = new Random(20261121);

    SelfTest(Kernels reference) {
        this.reference = reference;
    }

    /** What the first wrong operation is and by how much, or nothing. */
    Optional<String> firstFault(Kernels kernels) {
        try (memory) {
            for (var format : WeightFormat.values()) {
                var fault = matmul(kernels, format);
                if (fault.isPresent()) {
                    return fault;
                }
            }
            return store(kernels, WeightFormat.F32)
                    .or(() -> store(kernels, WeightFormat.BF16))
                    .or(() -> attention(kernels, WeightFormat.F32, TOLERANCE))
                    .or(() -> attention(kernels, WeightFormat.BF16, BF16_TOLERANCE))
                    .or(() -> attention(kernels, WeightFormat.Q8_0, BF16_TOLERANCE))
                    .or(() -> rows(kernels));
        }
    }

    private Rows random(int rows, int cols) {
        var made = memory.rows(rows, cols);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                made.set(row, col, (float) random.nextGaussian());
            }
        }
        return made;
    }

    private Optional<String> matmul(Kernels kernels, WeightFormat format) {
        int out = 20;
        var data = memory.allocate(format.bytes(out, COLUMNS));
        var weights = new PackedWeights(format, out, COLUMNS, data);
        try (var alone = new Workers(1)) {
            new WeightPacker(alone).pack(random(out, COLUMNS), weights, 0);
        }
        var x = random(MATMUL_ROWS, COLUMNS);
        return compare("matmul " + format, MATMUL_ROWS, out, TOLERANCE, kernels, (k, y) -> k.matmul(x, weights, y));
    }

    private Optional<String> attention(Kernels kernels, WeightFormat format, float tolerance) {
        int keys = 40;
        var data = memory.allocate(KvTiles.bytes(format, 1, HEAD_DIM, 2));
        var tiles = new KvTiles(format, 1, HEAD_DIM, 2, data);
        reference.store(random(keys, HEAD_DIM), random(keys, HEAD_DIM), tiles, 0);
        var q = random(ROWS, 2 * HEAD_DIM);
        var visible = KeyRanges.causal(ROWS, keys - ROWS, 30);
        var shape = new AttentionShape(2, 1, HEAD_DIM, 0.2f, 0);
        return compare(
                "attention " + format,
                ROWS,
                2 * HEAD_DIM,
                tolerance,
                kernels,
                (k, y) -> k.attention(q, tiles, visible, shape, y));
    }

    /** What the reference sees in tiles that were filled, from an odd position on. */
    private Optional<String> store(Kernels kernels, WeightFormat format) {
        int keys = 39;
        var k = random(keys, HEAD_DIM);
        var v = random(keys, HEAD_DIM);
        var q = random(ROWS, HEAD_DIM);
        var visible = new KeyRanges(new long[] {1, 1}, new long[] {keys + 1, keys + 1});
        var shape = new AttentionShape(1, 1, HEAD_DIM, 0.2f, 0);
        return compare("store " + format, ROWS, HEAD_DIM, TOLERANCE, kernels, (storing, y) -> {
            var data = memory.allocate(KvTiles.bytes(format, 1, HEAD_DIM, 2));
            var tiles = new KvTiles(format, 1, HEAD_DIM, 2, data);
            storing.store(k, v, tiles, 1);
            reference.attention(q, tiles, visible, shape, y);
        });
    }

    private Optional<String> rows(Kernels kernels) {
        var x = random(ROWS, COLUMNS);
        var other = random(ROWS, COLUMNS);
        var weight = random(1, COLUMNS);
        Optional<String> fault = compare(kernels, "RMS norm", (k, y) -> k.rmsNorm(x, weight, 1e-6f, y))
                .or(() -> compare(kernels, "layer norm", (k, y) -> k.layerNorm(x, weight, weight, 1e-6f, y)))
                .or(() -> compare(kernels, "add", (k, y) -> k.add(x, other, y)))
                .or(() -> compare(kernels, "scale", (k, y) -> k.scale(x, 3, y)))
                .or(() -> rope(kernels));
        for (var f : Activation.values()) {
            fault = fault.or(() -> compare(kernels, "activation " + f, (k, y) -> k.activate(f, x, y)))
                    .or(() -> compare(kernels, "gate " + f, (k, y) -> k.gate(f, x, other, y)));
        }
        return fault;
    }

    private Optional<String> rope(Kernels kernels) {
        var heads = random(ROWS, 64);
        var cos = random(ROWS, 16);
        var sin = random(ROWS, 16);
        return compare("rope", ROWS, 64, TOLERANCE, kernels, (k, y) -> k.rope(heads, 32, cos, sin, y));
    }

    private interface Operation {
        void run(Kernels kernels, Rows y);
    }

    private Optional<String> compare(Kernels kernels, String name, Operation operation) {
        return compare(name, ROWS, COLUMNS, TOLERANCE, kernels, operation);
    }

    private Optional<String> compare(
            String name, int rows, int cols, float tolerance, Kernels kernels, Operation operation) {
        var want = memory.rows(rows, cols);
        var got = memory.rows(rows, cols);
        operation.run(reference, want);
        operation.run(kernels, got);
        float largest = 0;
        float difference = 0;
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                largest = Math.max(largest, Math.abs(want.get(row, col)));
                difference = Math.max(difference, Math.abs(want.get(row, col) - got.get(row, col)));
            }
        }
        return difference <= tolerance * Math.max(1, largest)
                ? Optional.empty()
                : Optional.of("%s is off by %g".formatted(name, difference));
    }
}
