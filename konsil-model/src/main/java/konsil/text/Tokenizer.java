package konsil.text;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import konsil.tensor.BadInputException;

/**
 * Text to token ids and back: added tokens are cut out first, the rest is cut into pieces. The Gemma 3 family does that
 * by byte-pair encoding (spaces become {@link #SPACE_MARK}, characters outside the vocabulary become bytes, pairs are
 * merged by rank), MedASR by SentencePiece's Unigram model (the most likely pieces of each word). Never adds a token by
 * itself: a beginning-of-sequence token is part of the prompt. Immutable, for any number of threads. {@link
 * TokenizerFiles} reads one.
 */
public final class Tokenizer {
    /** What stands for a space inside tokens: U+2581. */
    public static final char SPACE_MARK = '\u2581';

    /** Characters of one text. */
    static final int MAX_TEXT = 1 << 26;

    private final Vocabulary vocabulary;
    private final List<AddedToken> added;
    private final Segmentation segmentation;
    private final Optional<TokenizerParts> parts;
    private final AddedTokens asWritten;
    private final AddedTokens normalised;
    private final boolean anyNormalised;
    private final BitSet special = new BitSet();

    Tokenizer(TokenizerParts parts) {
        this(parts.vocabulary(), parts.added(), new Bpe(parts), Optional.of(parts));
    }

    /** @param vocabulary all tokens, added ones included */
    Tokenizer(Vocabulary vocabulary, List<AddedToken> added, Unigram unigram) {
        this(vocabulary, added, unigram, Optional.empty());
    }

    private Tokenizer(
            Vocabulary vocabulary, List<AddedToken> added, Segmentation segmentation, Optional<TokenizerParts> parts) {
        this.vocabulary = vocabulary;
        this.added = List.copyOf(added);
        this.segmentation = segmentation;
        this.parts = parts;
        this.asWritten = new AddedTokens(vocabulary, added(false), ' ');
        this.normalised = new AddedTokens(vocabulary, added(true), segmentation.space());
        this.anyNormalised = !added(true).isEmpty();
        added.stream().filter(AddedToken::special).forEach(token -> special.set(token.id()));
    }

    private List<AddedToken> added(boolean afterNormalising) {
        return added.stream()
                .filter(token -> token.normalised() == afterNormalising)
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

    /** The ids of a text that goes on with the word before it: without the mark of a space in front. */
    public int[] encodeContinued(String text) {
        return segmentation instanceof Unigram unigram ? unigram.continued(text) : encode(text);
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
        var run = segmentation.run(ids);
        int at = 0;
        while (at < text.length()) {
            int next = asWritten.next(text, at, text.length());
            if (at < next) {
                encodePlain(text, at, next, run, ids);
            }
            at = next;
            if (at < text.length()) {
                long match = asWritten.match(text, at, text.length());
                ids.add((int) (match >>> 32));
                at += (int) match;
            }
        }
        return ids;
    }

    private void encodePlain(String text, int from, int to, Segmentation.Run run, Ids ids) {
        if (segmentation instanceof Unigram unigram) {
            String changed = unigram.normalised(text.substring(from, to));
            encodeNormalised(changed, 0, changed.length(), run, ids);
        } else {
            encodeNormalised(text, from, to, run, ids);
        }
    }

    private void encodeNormalised(String text, int from, int to, Segmentation.Run run, Ids ids) {
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
        return vocabulary.size();
    }

    /** A token as it stands in the vocabulary. @throws IllegalArgumentException if there is none of this id */
    public String token(int id) {
        if (id < 0 || id >= size()) {
            throw new IllegalArgumentException("want a token id of 0..%d, got %d".formatted(size() - 1, id));
        }
        return vocabulary.text(id);
    }

    /** The id of a token written as in the vocabulary; looks through all of it. */
    public OptionalInt id(String token) {
        int id = vocabulary.find(token);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Whether a token steers the model and is no text. */
    public boolean special(int id) {
        return special.get(id);
    }

    /** The ids that {@link #encode} cuts out of a text before it looks at the rest. */
    public List<Integer> addedIds() {
        var ids = new ArrayList<Integer>();
        added.forEach(token -> ids.add(token.id()));
        return ids;
    }

    int byteValue(int id) {
        return parts.isPresent() ? vocabulary.byteValue(id) : -1;
    }

    /** What merges are made of; empty for Unigram. */
    Optional<TokenizerParts> parts() {
        return parts;
    }

    /** Whether texts get a mark in front, which decoding takes away from the first token. */
    boolean marksBeginning() {
        return segmentation.marksBeginning();
    }

    /** Whether {@link #writePacked} can write it; Unigram tokenizers are small and stay as their source has them. */
    public boolean packable() {
        return parts.isPresent();
    }

    /**
     * Writes the tokenizer in a form that {@link #readPacked} loads in a fraction of the time of its source.
     *
     * @throws IllegalStateException when it is not {@link #packable}
     */
    public void writePacked(OutputStream out) throws IOException {
        PackedTokenizer.write(
                parts.orElseThrow(() -> new IllegalStateException("a Unigram tokenizer has no packed form")), out);
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
