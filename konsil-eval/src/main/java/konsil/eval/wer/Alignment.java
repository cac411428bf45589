package konsil.eval.wer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two normalised texts side by side.
 *
 * @param reference its words
 * @param hypothesis its words
 * @param edits from the first words to the last: hits and substitutions take one of each side, deletions one of the
 *     reference, insertions one of the hypothesis
 */
public record Alignment(List<String> reference, List<String> hypothesis, List<Edit> edits) {
    public Alignment {
        reference = List.copyOf(reference);
        hypothesis = List.copyOf(hypothesis);
        edits = List.copyOf(edits);
    }

    /**
     * Aligns two normalised texts word by word: fewest errors, then most hits.
     *
     * @throws konsil.tensor.BadInputException if a text has more than 100,000 words
     */
    public static Alignment of(String reference, String hypothesis) {
        List<String> ref = words(reference);
        List<String> hyp = words(hypothesis);
        Map<String, Integer> ids = new HashMap<>();
        return new Alignment(ref, hyp, Aligner.align(numbered(ref, ids), numbered(hyp, ids)));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    private static int[] numbered(List<String> words, Map<String, Integer> ids) {
        int[] numbers = new int[words.size()];
        for (int i = 0; i < numbers.length; i++) {
            Integer fresh = ids.size();
            Integer known = ids.putIfAbsent(words.get(i), fresh);
            numbers[i] = known == null ? fresh : known;
        }
        return numbers;
    }

    /** How often each step occurs. */
    public Counts counts() {
        return Counts.of(edits);
    }

    /**
     * Three rows for people, REF, HYP and marks, word under word, in blocks of at most so many columns. Stars stand
     * where one side has no word.
     */
    public List<String> rows(int columns) {
        return new AlignedRows(columns).of(this);
    }
}
