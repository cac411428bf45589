package konsil.clinic;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What produced an answer, enough to produce it again on the same kind of kernels.
 *
 * @param version of Konsil
 * @param time when the answer was asked for
 * @param machine the kernels that computed, and the formats of the model in memory
 * @param prompt the rendered conversation, every image as one mark
 */
public record Provenance(
        String version,
        Instant time,
        ModelSource model,
        String machine,
        String prompt,
        List<Input> inputs,
        AnswerSettings settings) {
    /**
     * Which model it was.
     *
     * @param files names of its files, or of its folder
     * @param fingerprint {@link konsil.tensor.file.Fingerprint}
     * @param adapter hash of the adapter's tensors, empty without one
     */
    public record ModelSource(List<String> files, String format, String fingerprint, String adapter) {
        Map<String, Object> fields() {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("files", files);
            fields.put("format", format);
            fields.put("fingerprint", fingerprint);
            if (!adapter.isEmpty()) {
                fields.put("adapter", adapter);
            }
            return fields;
        }
    }

    /**
     * A picture that was shown.
     *
     * @param sha256 of its file
     * @param shown how it was prepared: framing, number of views
     * @param views hash of the pixels of each view
     * @param origin its place in a study
     */
    public record Input(String name, String sha256, String shown, List<String> views, Picture.Origin origin) {}

    /** As plain values, for JSON. */
    public Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("konsil", version);
        fields.put("time", time.toString());
        fields.put("model", model.fields());
        fields.put("machine", machine);
        fields.put("prompt", prompt);
        fields.put("inputs", inputs.stream().map(Provenance::input).toList());
        var sampling = settings.sampling();
        var chosen = new LinkedHashMap<String, Object>();
        chosen.put("temperature", (double) sampling.temperature());
        chosen.put("top_k", sampling.topK());
        chosen.put("top_p", (double) sampling.topP());
        chosen.put("min_p", (double) sampling.minP());
        chosen.put("repetition_penalty", (double) sampling.repetitionPenalty());
        chosen.put("seed", sampling.seed());
        chosen.put("max_tokens", settings.maxTokens());
        chosen.put("stop", settings.stops());
        fields.put("settings", chosen);
        fields.put("notice", "Not a medical device. A draft that a qualified person must check and sign.");
        return fields;
    }

    private static Map<String, Object> input(Input input) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("file", input.name());
        fields.put("sha256", input.sha256());
        fields.put("shown", input.shown());
        fields.put("views", input.views());
        var origin = input.origin();
        if (!origin.equals(Picture.Origin.FILE)) {
            fields.put("series", origin.series());
            fields.put("place", origin.place());
            fields.put("prepared", origin.prepared());
        }
        return fields;
    }
}
