package konsil.train.optim;

import java.util.Collection;
import konsil.kernel.Workers;
import konsil.tensor.Tensor;

/** Keeps steps small when gradients are large: the norm of all gradients together is held below a bound. */
public final class Clipping {
    /** Added to the norm, as torch's clip_grad_norm_ has it. */
    private static final double EPS = 1e-6;

    private Clipping() {}

    /** The Euclidean norm of all values of all gradients, summed in double. */
    public static double norm(Collection<Tensor> gradients, Workers workers) {
        var all = gradients.toArray(Tensor[]::new);
        var sums = new double[all.length];
        workers.run(all.length, i -> {
            double sum = 0;
            for (float value : all[i].toArray()) {
                sum += (double) value * value;
            }
            sums[i] = sum;
        });
        double sum = 0;
        for (double one : sums) {
            sum += one;
        }
        return Math.sqrt(sum);
    }

    /**
     * What gradients of this norm are multiplied by, at most 1.
     *
     * @param bound infinite for none
     */
    public static double factor(double norm, double bound) {
        return Double.isInfinite(bound) ? 1 : Math.min(1, bound / (norm + EPS));
    }
}
