package konsil.train;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import konsil.kernel.KernelChoice;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.Kernels;
import konsil.kernel.NativeMemory;
import konsil.kernel.PackedWeights;
import konsil.kernel.WeightFormat;
import konsil.kernel.WeightPacker;
import konsil.kernel.Workers;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;

/** An engine on kernels of one kind over a workspace full of NaN, and random tensors. */
final class Bench implements AutoCloseable {
    final NativeMemory memory = new NativeMemory();
    final Workers workers;
    final Workspace space = new Workspace(1L << 30, Workspace.Leftovers.NAN);
    final Kernels kernels;
    final TrainingEngine engine;
    private final Random random = new Random(23);

    Bench(Kind kind) {
        this(kind, 2);
    }

    Bench(Kind kind, int threads) {
        workers = new Workers(threads);
        kernels = KernelChoice.of(kind, workers).kernels();
        engine = new TrainingEngine(kernels, workers, space);
    }

    /** Every kind of kernels that this machine can run. */
    static List<Kind> kinds() {
        try (var workers = new Workers(1)) {
            return Arrays.stream(Kind.values())
                    .filter(kind ->
                            KernelChoice.of(kind, workers).kernels().name().equalsIgnoreCase(kind.name()))
                    .toList();
        }
    }

    Tensor random(int... shape) {
        Tensor tensor = Tensor.zeros(memory, shape);
        var values = new float[(int) tensor.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        tensor.copyFrom(values);
        return tensor;
    }

    Tensor positive(int... shape) {
        Tensor tensor = random(shape);
        float[] values = tensor.toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.5f + Math.abs(values[i]);
        }
        tensor.copyFrom(values);
        return tensor;
    }

    Tensor packed(Tensor plain, WeightFormat format) {
        var rows = plain.matrix();
        var data = memory.allocate(format.bytes(rows.rows(), rows.cols()));
        var packed = new PackedWeights(format, rows.rows(), rows.cols(), data);
        new WeightPacker(workers).pack(rows, packed, 0);
        return Tensor.packed(packed, plain.shape());
    }

    /** A packed matrix as plain values. */
    Tensor unpacked(Tensor packed) {
        Tensor plain = Tensor.zeros(memory, packed.shape());
        for (int row = 0; row < packed.dim(0); row++) {
            WeightPacker.unpackRow(packed.packed(), row, plain.matrix(), row);
        }
        return plain;
    }

    /** Root of the mean square of the difference, relative to that of what is wanted. */
    static double distance(float[] actual, float[] wanted) {
        if (actual.length != wanted.length) {
            throw new AssertionError("want %d values, got %d".formatted(wanted.length, actual.length));
        }
        double difference = 0;
        double size = 0;
        for (int i = 0; i < wanted.length; i++) {
            difference += Math.pow((double) actual[i] - wanted[i], 2);
            size += Math.pow(wanted[i], 2);
        }
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.sqrt(difference / Math.max(size, 1e-30));
    }

    @Override
    public void close() {
        engine.close();
        space.close();
        workers.close();
        memory.close();
    }
}
