package konsil.train.lora;

import java.util.Optional;

/**
 * A matrix of MedGemma that an adapter can be put on.
 *
 * @param part of the model
 * @param name within the part, "layers.3.self_attn.q_proj" or "encoder.layers.3.mlp.fc1"
 */
record Matrix(Part part, String name) {
    /** Where a matrix is. */
    enum Part {
        TEXT("model.language_model."),
        VISION("model.vision_tower.");

        private final String prefix;

        Part(String prefix) {
            this.prefix = prefix;
        }
    }

    private static final String LAYERS = "layers.";
    private static final String ENCODER = "encoder.layers.";

    /** What transformers 5, and so PEFT, calls it. */
    String module() {
        return part.prefix + name;
    }

    /** The last part of the name, "q_proj". */
    String leaf() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Number of its layer. */
    int layer() {
        int from = name.indexOf(LAYERS) + LAYERS.length();
        return Integer.parseInt(name.substring(from, name.indexOf('.', from)));
    }

    /**
     * The matrix that PEFT or a checkpoint calls so, whichever version of transformers the name comes from.
     *
     * @return empty for what is no matrix of a layer
     */
    static Optional<Matrix> of(String module) {
        if (module.contains("vision_tower")) {
            int at = module.indexOf(ENCODER);
            return at < 0 ? Optional.empty() : Optional.of(new Matrix(Part.VISION, module.substring(at)));
        }
        int at = module.indexOf(LAYERS);
        return at < 0 ? Optional.empty() : Optional.of(new Matrix(Part.TEXT, module.substring(at)));
    }
}
