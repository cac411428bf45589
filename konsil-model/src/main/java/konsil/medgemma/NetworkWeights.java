package konsil.medgemma;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import konsil.kernel.NativeMemory;
import konsil.kernel.WeightPacker;
import konsil.medgemma.WorkingFormat.Part;
import konsil.tensor.Projection;
import konsil.tensor.Tensor;
import konsil.tensor.file.Arrangement;
import konsil.tensor.file.Parameters.Form;
import konsil.tensor.file.Parameters.Parameter;
import konsil.tensor.file.Parameters.Role;
import konsil.tensor.file.Weight;
import konsil.tensor.file.Weights;

/**
 * The door through which networks get their tensors. Asking by name and shape gives a promise; once everything is asked
 * for and found, the promises are redeemed one by one. Conventions of the file end here: where it keeps a norm's weight
 * minus one, the one is added.
 */
final class NetworkWeights {
    private final Weights weights;
    private final Load load;

    /**
     * What all scopes of one load share.
     *
     * @param normOffset added to the weights of RMS norms
     * @param parameters grows when the model is loaded to be trained
     */
    record Load(
            LoadOptions options,
            float normOffset,
            WeightPacker packer,
            NativeMemory memory,
            Count count,
            List<Parameter> parameters) {
        /** A tensor that training may change. */
        private Tensor trainable(Weight weight, Form form) {
            float offset = form == Form.MINUS_ONE ? normOffset - 1 : 0;
            var parameter = weight.parameter(form, Role.LEARNED, offset, memory);
            parameters.add(parameter);
            return parameter.tensor();
        }
    }

    /** Counts promises and those that are kept. */
    static final class Count {
        private final LoadProgress progress;
        private int promised;
        private int kept;

        Count(LoadProgress progress) {
            this.progress = progress;
        }

        private <T> Supplier<T> of(Supplier<T> promise) {
            promised++;
            return () -> {
                T result = promise.get();
                progress.loaded(++kept, promised);
                return result;
            };
        }
    }

    NetworkWeights(Weights weights, Load load) {
        this.weights = weights;
        this.load = load;
    }

    NetworkWeights in(String scope) {
        return new NetworkWeights(weights.in(scope), load);
    }

    NetworkWeights in(String scope, int index) {
        return new NetworkWeights(weights.in(scope, index), load);
    }

    /** Plain f32 values as the file has them: a bias, a layer norm's weight, a table that is added. */
    Supplier<Tensor> values(String name, long... shape) {
        var weight = weights.get(name, shape);
        return load.count.of(
                () -> load.options.trainable() ? load.trainable(weight, Form.SAME) : weight.f32(load.memory));
    }

    /** The weight of an RMS norm, ready to be multiplied by. */
    Supplier<Tensor> rmsNorm(String name, int size) {
        var weight = weights.get(name, size);
        return load.count.of(() -> {
            if (load.options.trainable()) {
                return load.trainable(weight, Form.MINUS_ONE);
            }
            float[] values = weight.values();
            for (int i = 0; i < values.length; i++) {
                values[i] += load.normOffset;
            }
            return Tensor.of(load.memory, values, size);
        });
    }

    /** The same number over and over; nothing of the file. */
    Supplier<Tensor> constant(float value, int size) {
        return () -> {
            float[] values = new float[size];
            Arrays.fill(values, value);
            return Tensor.of(load.memory, values, size);
        };
    }

    /** The table of words' rows. */
    Supplier<Tensor> embedding(String name, int rows, int cols) {
        var weight = weights.get(name, rows, cols);
        return load.count.of(() -> matrix(weight, Arrangement.OUT_FIRST, Part.EMBEDDING));
    }

    /** A matrix that the file stores (out, in), all sizes but the first flattened into in. */
    Supplier<Projection> projection(String name, Part part, long... shape) {
        return projection(name, part, Arrangement.OUT_FIRST, shape);
    }

    Supplier<Projection> projection(String name, Part part, Arrangement arrangement, long... shape) {
        var weight = weights.get(name, shape);
        return load.count.of(() -> Projection.of(matrix(weight, arrangement, part)));
    }

    private Tensor matrix(Weight weight, Arrangement arrangement, Part part) {
        if (load.options.trainable()) {
            return load.trainable(weight, Form.of(arrangement));
        }
        var working = part == Part.IMAGE ? load.options.images() : load.options.text();
        var format = working.of(weight.info(), part);
        return weight.matrixIn(
                arrangement, new Weight.Packing(format, load.packer, load.memory, load.options.placement()));
    }
}
