package konsil.eval.golden;

import java.util.ArrayList;
import java.util.List;
import konsil.kernel.Bf16;
import konsil.medgemma.MedGemma;

/**
 * What a reference model may have rounded to bf16 that no weight holds: the angles of rotary positions, and the factor
 * of words. Both lie in buffers; {@code model.to(torch.bfloat16)} rounds them, {@code from_pretrained} does not round
 * the angles, and the factor only in bf16.
 */
record Rounding(boolean angles, float factor, float root) {
    /** As the model is used first, then the others, likeliest first. */
    static List<Rounding> all(MedGemma model) {
        float root = (float) Math.sqrt(model.config().text().hiddenSize());
        float own = model.config().text().embeddingFactor();
        float other = own == root ? Bf16.round(root) : root;
        var all = new ArrayList<Rounding>();
        for (float factor : own == other ? new float[] {own} : new float[] {own, other}) {
            all.add(new Rounding(false, factor, root));
            all.add(new Rounding(true, factor, root));
        }
        return all;
    }

    /** The model rounded so; shares its memory. */
    MedGemma of(MedGemma model) {
        var turned = angles ? model.coarseAngles() : model;
        return turned.withEmbeddingFactor(factor);
    }

    String anglesText() {
        return angles ? "bf16-rounded" : "exact";
    }

    String factorText() {
        return factor == root ? "exact" : "bf16-rounded";
    }
}
