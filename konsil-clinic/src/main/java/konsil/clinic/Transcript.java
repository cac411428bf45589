package konsil.clinic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.clinic.dictation.Formatted;

/**
 * What was said in a recording.
 *
 * @param formatted for readers; the raw text, as the reference decodes it, is in it
 * @param words of the formatted text
 * @param rawWords of the raw text, without special tokens
 * @param alternatives the best ways to understand it, the first of which is the transcript
 * @param seconds of sound that were heard
 * @param complete false when it was stopped before the end of the recording
 * @param warnings what was odd about the recording
 */
public record Transcript(
        Formatted formatted,
        List<Word> words,
        List<Word> rawWords,
        List<Alternative> alternatives,
        double seconds,
        boolean complete,
        List<String> warnings,
        TranscriptProvenance provenance) {
    public Transcript {
        words = List.copyOf(words);
        rawWords = List.copyOf(rawWords);
        alternatives = List.copyOf(alternatives);
        warnings = List.copyOf(warnings);
    }

    /**
     * A word with its time.
     *
     * @param start seconds from the beginning of the sound
     * @param end greater than start
     * @param confidence 0 to 1, that of its least sure token
     */
    public record Word(String text, double start, double end, double confidence) {
        Map<String, Object> fields() {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("text", text);
            fields.put("start", rounded(start));
            fields.put("end", rounded(end));
            fields.put("confidence", rounded(confidence));
            return fields;
        }
    }

    /**
     * A way to understand the recording.
     *
     * @param score natural logarithm, higher is better
     */
    public record Alternative(String raw, String text, double score) {}

    /** The formatted text. */
    public String text() {
        return formatted.text();
    }

    /** The text as the reference decodes it. */
    public String raw() {
        return formatted.raw();
    }

    /** As plain values, for JSON. */
    public Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("text", text());
        fields.put("raw", raw());
        fields.put("seconds", rounded(seconds));
        fields.put("complete", complete);
        fields.put("words", words.stream().map(Word::fields).toList());
        fields.put("raw_words", rawWords.stream().map(Word::fields).toList());
        if (alternatives.size() > 1) {
            var list = new ArrayList<Map<String, Object>>();
            for (var alternative : alternatives) {
                var one = new LinkedHashMap<String, Object>();
                one.put("text", alternative.text());
                one.put("raw", alternative.raw());
                one.put("score", rounded(alternative.score()));
                list.add(one);
            }
            fields.put("alternatives", list);
        }
        fields.put("warnings", warnings);
        fields.put("provenance", provenance.fields());
        return fields;
    }

    /** Milliseconds, and thousandths, are finer than anything here is known. */
    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
