package konsil.cli.bench;

import konsil.kernel.WeightFormat;
import konsil.medgemma.VisionConfig;

/**
 * What a token and an image cost.
 *
 * @param format of the text's matrices
 * @param tokenOperations multiplications and additions of all matrices of the text layers, for one token
 * @param tokenBytes of all matrices that one step reads, the output matrix included
 */
record ModelWork(WeightFormat format, double tokenOperations, double tokenBytes) {
    /** Multiplications and additions of a tower's layers in products with weights. */
    static double imageProducts(VisionConfig tower) {
        double hidden = tower.hiddenSize();
        return 2.0 * tower.layers() * tower.patches() * (4 * hidden * hidden + 2 * hidden * tower.intermediateSize());
    }

    /** The same in attention: scores and weighted values of patches that all see each other. */
    static double imageAttention(VisionConfig tower) {
        return 4.0 * tower.layers() * tower.patches() * tower.patches() * tower.hiddenSize();
    }

    static ModelWork of(ModelShape shape, WeightFormat format) {
        double layers = 0;
        double bytes = 0;
        for (var tensor : shape.tensors().entrySet()) {
            boolean text = tensor.getKey().startsWith("language_model.");
            var sizes = tensor.getValue();
            if (text && sizes.size() == 2) {
                boolean head = tensor.getKey().contains("embed_tokens");
                var stored = head && format == WeightFormat.Q4_0 ? WeightFormat.Q8_0 : format;
                bytes += stored.bytes(Math.toIntExact(sizes.get(0)), Math.toIntExact(sizes.get(1)));
                layers += head ? 0 : 2.0 * sizes.get(0) * sizes.get(1);
            }
        }
        return new ModelWork(format, layers, bytes);
    }
}
