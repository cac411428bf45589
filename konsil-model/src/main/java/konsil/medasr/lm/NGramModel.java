package konsil.medasr.lm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import konsil.tensor.file.BadFileException;

/**
 * A back-off n-gram model: P(w | h) is the probability of the longest n-gram that ends with w and is in the model,
 * times the back-off weights of all longer contexts (Katz 1987; the ARPA format). All values are log10 and f32, added
 * in KenLM's order. For any number of threads until it is closed.
 */
public final class NGramModel implements AutoCloseable {
    /** The id of every word that is not in the model. */
    public static final int UNKNOWN = 0;

    private final NGramTables tables;
    private final int begin;
    private final int end;

    NGramModel(NGramTables tables) {
        this.tables = tables;
        begin = marker("<s>");
        end = marker("</s>");
    }

    /**
     * Opens a model of any kind that is known by its first bytes: ARPA, plain or compressed with gzip or xz, which is
     * read into memory (about 22 bytes an n-gram), or a KenLM binary, "probing" or any kind of trie, which is mapped.
     *
     * @throws BadFileException when it is none of these, damaged, or a KenLM binary with rest costs
     */
    public static NGramModel open(Path path) throws IOException {
        return KenLmFile.isOne(path) ? KenLmFile.open(path) : ArpaFile.read(path);
    }

    private int marker(String word) {
        int id = wordId(word);
        if (id == UNKNOWN) {
            throw new BadFileException(tables.file(), "want the words <s> and </s> among its 1-grams");
        }
        return id;
    }

    /** The length of its longest n-grams. */
    public int order() {
        return tables.order();
    }

    /** How many n-grams of a length the file says it has. @param length 1 to the order */
    public long count(int length) {
        return tables.count(length);
    }

    /** The id of a word, {@link #UNKNOWN} for one that is not in the model. */
    public int wordId(String word) {
        long hash = WordHash.of(word);
        return hash == WordHash.UNKNOWN || hash == WordHash.UNKNOWN_CAPITALS ? UNKNOWN : tables.wordId(hash);
    }

    /** The id of the end of a sentence. */
    public int end() {
        return end;
    }

    /** The state at the beginning of a sentence. */
    public LmState start() {
        return new LmState(new int[] {begin}, new float[] {tables.backoff(1, begin)});
    }

    /** The state that knows nothing of what was before. */
    public LmState empty() {
        return new LmState(new int[0], new float[0]);
    }

    /** @param log10 of the probability @param next the state after the word */
    public record Scored(float log10, LmState next) {}

    /**
     * The probability of a word after what was before.
     *
     * @param word an id that {@link #wordId} gave
     * @throws BadFileException when the file holds a value that is no number
     */
    public Scored score(LmState from, int word) {
        float[] backoffs = new float[Math.min(from.length() + 1, order() - 1)];
        float found = tables.probability(1, word);
        int matched = 1;
        backoffs[0] = tables.backoff(1, word);
        int keep = NGramTables.extendsFurther(backoffs[0]) ? 1 : 0;
        long node = word;
        for (int length = 2; length <= from.length() + 1; length++) {
            node = tables.longer(length, node, from.word(length - 2));
            long at = tables.find(length, node);
            if (at == NGramTables.ABSENT) {
                continue; // a longer one may be there all the same, in a model that was pruned
            }
            found = tables.probability(length, at);
            matched = length;
            if (length < order()) {
                backoffs[length - 1] = tables.backoff(length, at);
                keep = NGramTables.extendsFurther(backoffs[length - 1]) ? length : keep;
            }
        }
        return new Scored(backedOff(found, matched, from), next(from, word, backoffs, keep));
    }

    private float backedOff(float found, int matched, LmState from) {
        float log10 = found;
        for (int context = matched; context <= from.length(); context++) {
            log10 += from.backoff(context - 1);
        }
        if (!Float.isFinite(log10)) {
            throw new BadFileException(tables.file(), "an n-gram has a probability or a back-off that is no number");
        }
        return log10;
    }

    private static LmState next(LmState from, int word, float[] backoffs, int keep) {
        int[] words = new int[keep];
        for (int age = 0; age < keep; age++) {
            words[age] = age == 0 ? word : from.word(age - 1);
        }
        return new LmState(words, Arrays.copyOf(backoffs, keep));
    }

    @Override
    public void close() {
        tables.close();
    }
}
