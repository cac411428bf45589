package konsil.train.optim;

import konsil.tensor.Tensor;

/**
 * A tensor that an optimiser changes.
 *
 * @param name known to people and to checkpoints, one of a kind
 * @param values plain f32, the ones that the network computes with
 * @param decays whether weight decay pulls it towards zero: matrices, but no norms and biases
 */
public record Learnable(String name, Tensor values, boolean decays) {
    /** Matrices and tables decay, vectors do not: norms and biases have one size. */
    public static Learnable of(String name, Tensor values) {
        return new Learnable(name, values, values.rank() > 1);
    }
}
