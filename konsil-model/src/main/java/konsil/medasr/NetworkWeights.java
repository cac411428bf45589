package konsil.medasr;

import java.util.List;
import java.util.function.Supplier;
import konsil.kernel.NativeMemory;
import konsil.kernel.WeightPacker;
import konsil.medasr.WorkingFormat.Part;
import konsil.tensor.Projection;
import konsil.tensor.Tensor;
import konsil.tensor.file.Arrangement;
import konsil.tensor.file.Parameters.Form;
import konsil.tensor.file.Parameters.Parameter;
import konsil.tensor.file.Parameters.Role;
import konsil.tensor.file.Weight;
import konsil.tensor.file.Weights;

/**
 * The door through which the network gets its tensors. Asking by name and shape gives a promise; once everything is
 * asked for and found, the promises are redeemed.
 */
final class NetworkWeights {
    private final Weights weights;
    private final Load load;

    /**
     * What all scopes of one load share.
     *
     * @param parameters grows when the model is loaded to be trained
     */
    record Load(LoadOptions options, WeightPacker packer, NativeMemory memory, List<Parameter> parameters) {
        /** A tensor that training may change. */
        private Tensor trainable(Weight weight, Form form, Role role) {
            var parameter = weight.parameter(form, role, 0, memory);
            parameters.add(parameter);
            return parameter.tensor();
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

    /** Plain f32 values as the file has them. */
    Supplier<Tensor> values(String name, int size) {
        return values(name, size, Role.LEARNED);
    }

    /** What a batch norm has seen. */
    Supplier<Tensor> statistic(String name, int size) {
        return values(name, size, Role.STATISTIC);
    }

    private Supplier<Tensor> values(String name, int size, Role role) {
        var weight = weights.get(name, size);
        return () -> load.options.trainable() ? load.trainable(weight, Form.SAME, role) : weight.f32(load.memory);
    }

    /** The taps of a depthwise convolution, (kernel, channels). */
    Supplier<Tensor> taps(String name, int channels, int kernel) {
        var weight = weights.get(name, channels, 1, kernel);
        return () -> load.options.trainable()
                ? load.trainable(weight, Form.DEPTHWISE, Role.LEARNED)
                : weight.depthwiseTaps(load.memory);
    }

    /** A convolution, (out, kernel, channels). */
    Supplier<Tensor> convolution(String name, int out, int channels, int kernel) {
        var weight = weights.get(name, out, channels, kernel);
        return () -> matrix(weight, Arrangement.TAPS_FIRST, Part.ENCODER);
    }

    /** A linear layer's matrix. */
    Supplier<Projection> projection(String name, Part part, int out, int in) {
        var weight = weights.get(name, out, in);
        return () -> Projection.of(matrix(weight, Arrangement.OUT_FIRST, part));
    }

    /** A convolution of one tap, which is a matrix. */
    Supplier<Projection> pointwise(String name, Part part, int out, int in) {
        var weight = weights.get(name, out, in, 1);
        return () -> Projection.of(
                load.options.trainable()
                        ? load.trainable(weight, Form.MATRIX, Role.LEARNED)
                        : Tensor.packed(
                                matrix(weight, Arrangement.TAPS_FIRST, part).packed()));
    }

    private Tensor matrix(Weight weight, Arrangement arrangement, Part part) {
        if (load.options.trainable()) {
            return load.trainable(weight, Form.of(arrangement), Role.LEARNED);
        }
        var format = load.options.format().of(weight.info(), part);
        return weight.matrixIn(arrangement, new Weight.Packing(format, load.packer, load.memory));
    }
}
