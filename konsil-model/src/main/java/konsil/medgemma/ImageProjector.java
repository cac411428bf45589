package konsil.medgemma;

import java.util.function.Supplier;
import konsil.medgemma.WorkingFormat.Part;
import konsil.tensor.Ops;
import konsil.tensor.Projection;
import konsil.tensor.Tensor;
import konsil.tensor.file.Arrangement;

/**
 * Turns the vectors of patches into soft tokens of the text (transformers Gemma3MultiModalProjector): means over
 * squares of patches, a norm, a matrix. Soft tokens are not scaled as words are.
 *
 * @param mmSoftEmbNorm (vision hiddenSize), the one included
 * @param mmInputProjection vision hiddenSize to text hiddenSize; checkpoints store it (in, out), unlike all others
 */
public record ImageProjector(ImageConfig config, Tensor mmSoftEmbNorm, Projection mmInputProjection) {
    /**
     * @param patches (patches, vision hiddenSize)
     * @return (tokensPerImage, text hiddenSize), row by row
     */
    public Tensor forward(Ops ops, Tensor patches) {
        Tensor pooled = ops.averagePool(patches, config.pool());
        float eps = (float) config.vision().layerNormEps();
        return ops.project(ops.rmsNorm(pooled, mmSoftEmbNorm, eps), mmInputProjection);
    }

    /** Asks for everything; what is returned takes the data. */
    static Supplier<ImageProjector> load(NetworkWeights w, ImageConfig c, int textSize) {
        int in = c.vision().hiddenSize();
        var norm = w.rmsNorm("mm_soft_emb_norm.weight", in);
        var projection = w.projection("mm_input_projection_weight", Part.IMAGE, Arrangement.TRANSPOSED, in, textSize);
        return () -> new ImageProjector(c, norm.get(), projection.get());
    }
}
