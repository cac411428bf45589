package konsil.text;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import konsil.tensor.BadInputException;

/**
 * Text to token ids and back, as SentencePiece's byte-pair encoding of the Gemma 3 family does it: added tokens are cut
 * out first, spaces become {@link #SPACE_MARK}, characters outside the vocabulary become bytes, pairs are merged by
 * rank. Never adds a token by itself: a beginning-of-sequence token is part of the prompt. Immutable, for any number of
 * threads. {@link TokenizerFiles} reads one.
 */
public final class Tokenizer {
    /** What stands for a space inside tokens: U+2581. */
    public static final char SPACE_MARK = '\u2581';

    /** Characters of one text. */
    static final int MAX_TEXT = 1 << 26;

    private final TokenizerParts parts;
    private final Bpe bpe;
    private final AddedTokens asWritten;
    private final AddedTokens normalised;
    private final boolean anyNormalised;
    private final BitSet special = new BitSet();

    Tokenizer(TokenizerParts parts) {
        this.parts = parts;
        this.bpe = new Bpe(parts);
        char space = parts.settings().spaceMark() ? SPACE_MARK : ' ';
        this.asWritten = new AddedTokens(parts.vocabulary(), added(parts, false), ' ');
        this.normalised = new AddedTokens(parts.vocabulary(), added(parts, true), space);
        this.anyNormalised = !added(parts, true).isEmpty();
        parts.added().stream().filter(AddedToken::special).forEach(token -> special.set(token.id()));
    }

    private static List<AddedToken> added(TokenizerParts parts, boolean normalised) {
        return parts.added().stream()
                .filter(token -> token.normalised() == normalised)
                .toList();
    }

    /**
     * The ids of a text, without a beginning-of-sequence token. Lone surrogates count as U+FFFD. The time grows with
     * the length of the text, times its logarithm at worst.
     *
     * @throws BadInputException if the text has more than 2^26 characters
     */
    public int[] encode(String text) {
        return ids(text).toArray();
    }

    /** How many ids {@link #encode} gives. */
    public int count(String text) {
        return ids(text).size();
    }

    private Ids ids(String text) {
        if (text.length() > MAX_TEXT) {
            throw new BadInputException("a text has %d characters, at most %d can be turned into tokens at once"
                    .formatted(text.length(), MAX_TEXT));
        }
        var ids = new Ids(text.length() / 3);
        var run = new BpeRun(bpe, ids);
        int at = 0;
        while (at < text.length()) {
            int next = asWritten.next(text, at, text.length());
            encodePlain(text, at, next, run, ids);
            at = next;
            if (at < text.length()) {
                long match = asWritten.match(text, at, text.length());
                ids.add((int) (match >>> 32));
                at += (int) match;
            }
        }
        return ids;
    }

    private void encodePlain(String text, int from, int to, BpeRun run, Ids ids) {
        int at = from;
        while (at < to) {
            int next = anyNormalised ? normalised.next(text, at, to) : to;
            run.encode(text, at, next);
            at = next;
            if (at < to) {
                long match = normalised.match(text, at, to);
                ids.add((int) (match >>> 32));
                at += (int) match;
            }
        }
    }

    /**
     * The text of ids. Bytes that are no UTF-8 become U+FFFD, one for each byte of their run, as in the reference.
     *
     * @throws IllegalArgumentException if the vocabulary lacks one of the ids
     */
    public String decode(int[] ids, Specials specials) {
        var stream = stream(specials);
        var text = new StringBuilder();
        for (int id : ids) {
            text.append(stream.accept(id));
        }
        return text.append(stream.finish()).toString();
    }

    /** Decodes ids one by one. */
    public TextStream stream(Specials specials) {
        return new TextStream(this, specials);
    }

    /** How many tokens there are; ids are smaller than this. A model may have more rows, which are never used. */
    public int size() {
        return parts.vocabulary().size();
    }

    /** A token as it stands in the vocabulary. @throws IllegalArgumentException if there is none of this id */
    public String token(int id) {
        if (id < 0 || id >= size()) {
            throw new IllegalArgumentException("want a token id of 0..%d, got %d".formatted(size() - 1, id));
        }
        return parts.vocabulary().text(id);
    }

    /** The id of a token written as in the vocabulary; looks through all of it. */
    public OptionalInt id(String token) {
        int id = parts.vocabulary().find(token);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Whether a token steers the model and is no text. */
    public boolean special(int id) {
        return special.get(id);
    }

    /** The ids that {@link #encode} cuts out of a text before it looks at the rest. */
    public List<Integer> addedIds() {
        var ids = new ArrayList<Integer>();
        parts.added().forEach(token -> ids.add(token.id()));
        return ids;
    }

    int byteValue(int id) {
        return parts.vocabulary().byteValue(id);
    }

    /** Writes the tokenizer in a form that {@link #readPacked} loads in a fraction of the time of its source. */
    public void writePacked(OutputStream out) throws IOException {
        PackedTokenizer.write(parts, out);
    }

    /**
     * Reads what {@link #writePacked} wrote.
     *
     * @param file for errors
     * @throws konsil.tensor.file.BadFileException if it is damaged, or of another version
     */
    public static Tokenizer readPacked(ByteBuffer packed, Path file) {
        return new Tokenizer(PackedTokenizer.read(packed, file));
    }
}
