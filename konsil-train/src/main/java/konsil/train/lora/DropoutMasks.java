package konsil.train.lora;

import java.util.SplittableRandom;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;

/**
 * Masks of dropout for one thread. Which values are left out depends on the seed, the example and the matrix alone, so
 * that a block that is run again, or a run that is taken up again, leaves out the same. Masks of one layer live until
 * those of another are asked for.
 */
public final class DropoutMasks implements AutoCloseable {
    private static final long MOST_BYTES = 8L << 30;

    private final double rate;
    private final boolean everyLayerKept;
    private final Workspace space = new Workspace(MOST_BYTES);
    private long example;
    private String layer = "";

    /**
     * @param rate share of values left out, 0 to below 1
     * @param everyLayerKept for tapes that keep all steps: masks live until the next example
     */
    public DropoutMasks(double rate, boolean everyLayerKept) {
        this.rate = rate;
        this.everyLayerKept = everyLayerKept;
    }

    /** The next example. @param seed of it alone */
    public void begin(long seed) {
        example = seed;
        layer = "";
        space.reset();
    }

    Tensor mask(Matrix matrix, int rows, int cols) {
        String of = matrix.part() + " " + matrix.layer();
        if (!everyLayerKept && !layer.equals(of)) {
            space.reset();
        }
        layer = of;
        var random = new SplittableRandom(Seeds.of(example, matrix.module()));
        float kept = (float) (1 / (1 - rate));
        float[] values = new float[Math.multiplyExact(rows, cols)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextDouble() < rate ? 0 : kept;
        }
        Tensor mask = space.tensor(rows, cols);
        mask.copyFrom(values);
        return mask;
    }

    @Override
    public void close() {
        space.close();
    }
}
