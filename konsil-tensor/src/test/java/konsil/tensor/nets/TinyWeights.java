package konsil.tensor.nets;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import konsil.kernel.NativeMemory;
import konsil.kernel.PackedWeights;
import konsil.kernel.WeightFormat;
import konsil.kernel.WeightPacker;
import konsil.kernel.Workers;
import konsil.tensor.Projection;
import konsil.tensor.Tensor;

/** Random weights for small networks, and a list of those that may be trained. */
public final class TinyWeights implements AutoCloseable {
    private final NativeMemory memory = new NativeMemory();
    private final Workers workers = new Workers(1);
    private final List<Tensor> trainable = new ArrayList<>();
    private final Random random;
    private final WeightFormat format;

    /** @param format of the projections */
    public TinyWeights(long seed, WeightFormat format) {
        this.random = new Random(seed);
        this.format = format;
    }

    /** Normal numbers, standard deviation 0.3. */
    public Tensor values(int... shape) {
        int size = 1;
        for (int dim : shape) {
            size *= dim;
        }
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian() * 0.3f;
        }
        return Tensor.of(memory, values, shape);
    }

    /** Numbers around 1. */
    public Tensor norm(int n) {
        var values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = 1 + (float) random.nextGaussian() * 0.1f;
        }
        return Tensor.of(memory, values, n);
    }

    public Tensor trained(Tensor tensor) {
        trainable.add(tensor);
        return tensor;
    }

    public List<Tensor> trainable() {
        return List.copyOf(trainable);
    }

    /** Packs a plain matrix. */
    public Tensor pack(Tensor plain, WeightFormat into) {
        int out = plain.dim(0);
        int in = (int) (plain.size() / out);
        var packed = new PackedWeights(into, out, in, memory.allocate(into.bytes(out, in)));
        var matrix = plain.rank() == 2 ? plain : Tensor.of(memory, plain.toArray(), out, in);
        new WeightPacker(workers).pack(matrix.rows(), packed, 0);
        return Tensor.packed(packed, plain.shape());
    }

    public Projection frozen(int out, int in) {
        return Projection.of(pack(values(out, in), format));
    }

    /** A frozen projection with a trainable update. */
    public Projection adapted(int out, int in, int rank) {
        return new Projection.LowRank(frozen(out, in), trained(values(rank, in)), trained(values(out, rank)), 0.5f);
    }

    @Override
    public void close() {
        workers.close();
        memory.close();
    }
}
