package konsil.tensor.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import konsil.tensor.Tensor;

/**
 * The tensors of a network that training can change, by their published names. The tensors are the ones that the
 * network computes with, as plain f32 values in the network's arrangement; {@link #write} turns them back into what the
 * published checkpoint has.
 */
public final class Parameters {
    /**
     * One tensor.
     *
     * @param name in the published checkpoint
     * @param shape in the published checkpoint
     * @param tensor what the network computes with, plain f32; a matrix (out, in), a convolution (out, kernel,
     *     channels), depthwise taps (kernel, channels)
     * @param form how the two belong together
     */
    public record Parameter(String name, List<Long> shape, Tensor tensor, Form form) {}

    /** How the network's values are made of the published ones. */
    public enum Form {
        /** The same values in the same order. */
        SAME,
        /** Published one less than what is multiplied by. */
        MINUS_ONE,
        /** Published as (in, out). */
        TRANSPOSED,
        /** A convolution published as (out, channels, kernel). */
        TAPS_LAST,
        /** A depthwise convolution published as (channels, 1, kernel). */
        DEPTHWISE
    }

    private final List<Parameter> parameters;

    /** @param parameters in the order in which they are written */
    public Parameters(List<Parameter> parameters) {
        this.parameters = List.copyOf(parameters);
    }

    /** All of them, in the network's order. */
    public List<Parameter> all() {
        return parameters;
    }

    /** The network's tensors by published name, in the network's order. */
    public Map<String, Tensor> byName() {
        throw new UnsupportedOperationException("not there yet");
    }

    /**
     * Writes a checkpoint in f32, under the published names and in the published shapes.
     *
     * @param file a new .safetensors file
     */
    public void write(Path file) throws IOException {
        throw new UnsupportedOperationException("not there yet");
    }
}
