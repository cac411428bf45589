package konsil.clinic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happens while somebody speaks. Times are seconds from the first sample that was pushed. */
public sealed interface LiveEvent {
    /** As plain values, for JSON. */
    Map<String, Object> fields();

    /** Somebody begins to speak. */
    record SegmentStart(double at) implements LiveEvent {
        @Override
        public Map<String, Object> fields() {
            return named("start", "at", at);
        }
    }

    /**
     * More raw text that nothing changes any more; the texts of a segment, joined, are its raw text.
     *
     * @param at how far the sound had come
     */
    record Stable(String text, double at) implements LiveEvent {
        @Override
        public Map<String, Object> fields() {
            return withText(named("stable", "at", at), text);
        }
    }

    /** The raw text that follows for now; it replaces the tail before. */
    record Tail(String text, double at) implements LiveEvent {
        @Override
        public Map<String, Object> fields() {
            return withText(named("tail", "at", at), text);
        }
    }

    /**
     * The speaker pauses.
     *
     * @param raw all stable texts of the segment
     * @param text the same for readers
     * @param words of the text for readers
     */
    record SegmentEnd(String raw, String text, List<Transcript.Word> words, double start, double end)
            implements LiveEvent {
        public SegmentEnd {
            words = List.copyOf(words);
        }

        @Override
        public Map<String, Object> fields() {
            var fields = named("segment", "start", start);
            fields.put("end", Transcript.rounded(end));
            fields.put("text", text);
            fields.put("raw", raw);
            fields.put("words", words.stream().map(Transcript.Word::fields).toList());
            return fields;
        }
    }

    /**
     * This machine is not fast enough to look as often as it should: so many looks were left out, no sound was.
     */
    record Behind(int skipped, double at) implements LiveEvent {
        @Override
        public Map<String, Object> fields() {
            var fields = named("behind", "at", at);
            fields.put("skipped", skipped);
            return fields;
        }
    }

    private static Map<String, Object> named(String event, String field, double seconds) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("event", event);
        fields.put(field, Transcript.rounded(seconds));
        return fields;
    }

    private static Map<String, Object> withText(Map<String, Object> fields, String text) {
        fields.put("text", text);
        return fields;
    }
}
