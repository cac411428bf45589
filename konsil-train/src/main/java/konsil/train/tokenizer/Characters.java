package konsil.train.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import konsil.text.Tokenizer;

/** Which characters of the words become tokens of their own. */
final class Characters {
    private Characters() {}

    /**
     * The most frequent characters until they make up the share wanted; those of words to keep and the mark of a space
     * in any case.
     *
     * @return by frequency, equally frequent ones by code point
     */
    static List<String> covering(Map<String, Long> words, TrainingSettings settings) {
        var counts = new TreeMap<Integer, Long>();
        words.forEach((word, times) -> word.codePoints().forEach(c -> counts.merge(c, times, Long::sum)));
        double wanted = settings.coverage()
                * counts.values().stream().mapToLong(Long::longValue).sum();
        counts.merge((int) Tokenizer.SPACE_MARK, 0L, Long::sum);
        settings.keep().forEach(word -> word.codePoints().forEach(c -> counts.merge(c, 0L, Long::sum)));
        var kept = String.join("", settings.keep()) + Tokenizer.SPACE_MARK;
        var characters = new ArrayList<String>();
        long covered = 0;
        var byFrequency = Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey());
        for (var entry : counts.entrySet().stream().sorted(byFrequency).toList()) {
            if (covered < wanted || kept.indexOf(entry.getKey()) >= 0)
                characters.add(Character.toString(entry.getKey()));
            covered += entry.getValue();
        }
        return characters;
    }
}
