package konsil.tensor.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import konsil.tensor.Tensor;

/**
 * The tensors of a network that training can change, by their published names. The tensors are the ones that the
 * network computes with, as plain f32 values in the network's arrangement; {@link #write} turns them back into what the
 * published checkpoint has.
 */
public final class Parameters {
    /** Those of a model that was not loaded to be trained. */
    public static final Parameters NONE = new Parameters(List.of());

    /**
     * One tensor.
     *
     * @param name in the published checkpoint
     * @param shape in the published checkpoint
     * @param tensor what the network computes with, plain f32: a matrix (out, in), a convolution (out, kernel,
     *     channels), depthwise taps (kernel, channels)
     * @param form how the two belong together
     * @param role whether it has a gradient
     */
    public record Parameter(String name, List<Long> shape, Tensor tensor, Form form, Role role) {
        public Parameter {
            shape = List.copyOf(shape);
        }

        /** The values as the published checkpoint has them. */
        public float[] published() {
            return form.published(tensor.toArray(), shape);
        }
    }

    /** What becomes of a tensor in training. */
    public enum Role {
        /** Has a gradient. */
        LEARNED,
        /** What a batch norm has seen: training writes it, no gradient reaches it. */
        STATISTIC
    }

    /** How the network's values are made of the published ones. */
    public enum Form {
        /** The same values in the same order. */
        SAME,
        /** A matrix, published with as many sizes or more. */
        MATRIX,
        /** Published one less than what is multiplied by. */
        MINUS_ONE,
        /** Published as (in, out). */
        TRANSPOSED,
        /** A convolution published as (out, channels, kernel). */
        TAPS_LAST,
        /** A depthwise convolution published as (channels, 1, kernel). */
        DEPTHWISE;

        /** How a matrix is published that is arranged so. */
        public static Form of(Arrangement arrangement) {
            return switch (arrangement) {
                case OUT_FIRST -> MATRIX;
                case TRANSPOSED -> TRANSPOSED;
                case TAPS_FIRST -> TAPS_LAST;
            };
        }

        /** @param shape as published */
        float[] ofNetwork(float[] published, List<Long> shape) {
            return switch (this) {
                case SAME, MATRIX -> published;
                case MINUS_ONE -> plus(published, 1);
                case TRANSPOSED, DEPTHWISE -> turned(published, 1, rows(shape));
                case TAPS_LAST -> turned(published, Math.toIntExact(shape.getFirst()), taps(shape, 1));
            };
        }

        /** @param shape as published */
        float[] published(float[] values, List<Long> shape) {
            return switch (this) {
                case SAME, MATRIX -> values;
                case MINUS_ONE -> plus(values, -1);
                case TRANSPOSED, DEPTHWISE -> turned(values, 1, Math.max(1, values.length / Math.max(1, rows(shape))));
                case TAPS_LAST -> turned(values, Math.toIntExact(shape.getFirst()), taps(shape, 2));
            };
        }

        private static int rows(List<Long> shape) {
            return Math.toIntExact(shape.getFirst());
        }

        private static int taps(List<Long> shape, int axis) {
            return Math.toIntExact(shape.get(axis));
        }

        private static float[] plus(float[] values, float summand) {
            float[] sums = values.clone();
            for (int i = 0; i < sums.length; i++) {
                sums[i] += summand;
            }
            return sums;
        }

        /** Transposes each of so many matrices that follow each other. */
        private static float[] turned(float[] values, int matrices, int rows) {
            float[] to = new float[values.length];
            int size = values.length / Math.max(1, matrices);
            int cols = size / Math.max(1, rows);
            for (int m = 0; m < matrices; m++) {
                for (int i = 0; i < size; i++) {
                    to[m * size + i % cols * rows + i / cols] = values[m * size + i];
                }
            }
            return to;
        }
    }

    private final List<Parameter> parameters;

    /**
     * @param parameters in the order in which they are listed
     * @throws IllegalArgumentException when a name comes twice
     */
    public Parameters(List<Parameter> parameters) {
        this.parameters = List.copyOf(parameters);
        if (parameters.stream().map(Parameter::name).distinct().count() != parameters.size()) {
            throw new IllegalArgumentException("two parameters of one name");
        }
    }

    /** All of them, in the network's order, statistics included. */
    public List<Parameter> all() {
        return parameters;
    }

    /** The tensors that have a gradient, by published name, in the network's order. */
    public SequencedMap<String, Tensor> learned() {
        var learned = new LinkedHashMap<String, Tensor>();
        for (var parameter : parameters) {
            if (parameter.role() == Role.LEARNED) {
                learned.put(parameter.name(), parameter.tensor());
            }
        }
        return learned;
    }

    /**
     * Writes a checkpoint in f32, under the published names and in the published shapes, statistics included.
     *
     * @param file a new .safetensors file; appears whole or not at all
     */
    public void write(Path file) throws IOException {
        var tensors = new ArrayList<NewTensor>();
        for (var p : parameters) {
            long[] shape = p.shape().stream().mapToLong(Long::longValue).toArray();
            tensors.add(NewTensor.of(p.name(), FileType.F32, p.published(), shape));
        }
        SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
    }
}
