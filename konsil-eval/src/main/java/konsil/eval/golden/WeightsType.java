package konsil.eval.golden;

import java.util.HashMap;
import java.util.Map;
import konsil.medgemma.WorkingFormat;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Layout;
import konsil.tensor.file.TensorInfo;

/** Which type most of a model's weights have, and how near to the reference they can be expected to come. */
final class WeightsType {
    /**
     * Mean cosines of the last logits to those in f32 of the same de-quantised weights. llama.cpp reaches them on
     * golden/gguf-a; nothing that is worse has a reason to be.
     */
    private static final Map<String, Double> BOUNDS = Map.of("BF16", 0.99998, "Q8_0", 0.9995, "Q4_0", 0.9996);

    private static final Map<String, String> FLOATS = Map.of("F32", "BF16", "F16", "BF16", "BF16", "BF16");

    private WeightsType() {}

    /** The type that most elements of the decoder's matrices have; the image part of a model is often kept finer. */
    static String of(Checkpoint model) {
        var elements = new HashMap<String, Long>();
        for (String name : model.names()) {
            var info = model.info(name);
            if (info.shape().size() >= 2 && !ofImages(name)) {
                elements.merge(type(info), info.elements(), Long::sum);
            }
        }
        return elements.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse("F32");
    }

    private static boolean ofImages(String name) {
        return name.contains("vision_tower") || name.startsWith("v.") || name.startsWith("mm.");
    }

    private static String type(TensorInfo info) {
        return info.layout() instanceof Layout.Packed packed
                ? packed.format().name()
                : info.type().name();
    }

    /**
     * The type of the weights that a model computes with: that of its file, unless it is quantised when it is loaded.
     */
    static String computed(String file, WorkingFormat format) {
        return quantises(format) ? format.name() : file;
    }

    private static boolean quantises(WorkingFormat format) {
        return format == WorkingFormat.Q8_0 || format == WorkingFormat.Q4_0;
    }

    /** Whether values of the weights in the file are values of those that are computed with. */
    static boolean kept(String file, WorkingFormat format) {
        return !quantises(format) || format.name().equals(file);
    }

    /** The mean cosine that is wanted. Types that are kept as Q8_0 in memory have its bound. */
    static double bound(String file, WorkingFormat format) {
        double ofFile = BOUNDS.getOrDefault(FLOATS.getOrDefault(file, file), BOUNDS.get("Q8_0"));
        return format == WorkingFormat.STORED ? ofFile : Math.min(ofFile, BOUNDS.get(format.name()));
    }
}
