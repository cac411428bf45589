package konsil.tensor;

import java.util.Random;
import konsil.kernel.Kernels;
import konsil.kernel.NativeMemory;
import konsil.kernel.PackedWeights;
import konsil.kernel.WeightFormat;
import konsil.kernel.WeightPacker;
import konsil.kernel.Workers;
import konsil.tensor.nets.AllKernels;

/** Random tensors, reference kernels and a workspace full of NaN, for tests of single ops. */
final class Values implements AutoCloseable {
    final NativeMemory memory = new NativeMemory();
    final Workers workers = new Workers(1);
    final Kernels kernels = AllKernels.of(workers).getFirst();
    final Workspace space = new Workspace(64L << 20, Workspace.Leftovers.NAN);
    final KernelOps ops = new KernelOps(kernels, workers, space);
    private final Random random = new Random(17);

    Tensor random(int... shape) {
        Tensor tensor = Tensor.zeros(memory, shape);
        var values = new float[(int) tensor.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        tensor.copyFrom(values);
        return tensor;
    }

    Tensor positive(int n) {
        Tensor tensor = random(n);
        float[] values = tensor.toArray();
        for (int i = 0; i < n; i++) {
            values[i] = 0.5f + Math.abs(values[i]);
        }
        tensor.copyFrom(values);
        return tensor;
    }

    Tensor packed(Tensor plain, WeightFormat format) {
        var rows = plain.matrix();
        var memoryOfPacked = memory.allocate(format.bytes(rows.rows(), rows.cols()));
        var packed = new PackedWeights(format, rows.rows(), rows.cols(), memoryOfPacked);
        new WeightPacker(workers).pack(rows, packed, 0);
        return Tensor.packed(packed, plain.shape());
    }

    @Override
    public void close() {
        space.close();
        workers.close();
        memory.close();
    }
}
