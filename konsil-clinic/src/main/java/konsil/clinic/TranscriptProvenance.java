package konsil.clinic;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import konsil.clinic.Provenance.ModelSource;

/**
 * What produced a transcript, enough to produce it again on the same kind of kernels.
 *
 * @param version of Konsil
 * @param time when it was asked for
 * @param machine the kernels that computed, and the format of the model in memory
 * @param audio name and hash of the recording
 * @param languageModel name and hash of its file, empty without one
 * @param vocabulary how many terms, and the hash of their file
 * @param windowing how sound was cut
 * @param decoder the search with its settings
 */
public record TranscriptProvenance(
        String version,
        Instant time,
        ModelSource model,
        String machine,
        Named audio,
        Named languageModel,
        Named vocabulary,
        String windowing,
        String decoder) {
    /** A file. @param sha256 empty when it is not known */
    public record Named(String name, String sha256) {
        static final Named NONE = new Named("", "");

        private void into(Map<String, Object> fields, String field) {
            if (!name.isEmpty()) {
                var values = new LinkedHashMap<String, Object>();
                values.put("name", name);
                values.put("sha256", sha256);
                fields.put(field, values);
            }
        }
    }

    /** As plain values, for JSON. */
    public Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("konsil", version);
        fields.put("time", time.toString());
        fields.put("model", model.fields());
        fields.put("machine", machine);
        audio.into(fields, "audio");
        languageModel.into(fields, "language_model");
        vocabulary.into(fields, "vocabulary");
        fields.put("windowing", windowing);
        fields.put("decoder", decoder);
        fields.put("notice", "Not a medical device. A draft that a qualified person must check and sign.");
        return fields;
    }
}
