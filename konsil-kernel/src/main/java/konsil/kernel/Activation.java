package konsil.kernel;

/** The non-linear functions of both networks. */
public enum Activation {
    /** {@code 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}, PyTorch's gelu(approximate="tanh"). */
    GELU_TANH,
    /** {@code x / (1 + exp(-x))}. */
    SILU,
    /** {@code 1 / (1 + exp(-x))}. */
    SIGMOID,
    /** {@code max(x, 0)}; NaN stays NaN. */
    RELU
}
