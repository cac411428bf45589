package konsil.text;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;

/**
 * Byte-pair encoding of text without added tokens: every character becomes a symbol, then the pair with the lowest rank
 * is merged, again and again, as long as a rule fits anywhere. Immutable; {@link BpeRun} does the work for one text.
 */
final class Bpe implements Segmentation {
    static final int NONE = TokenizerParts.NONE;

    private static final int BYTES = 256;
    private static final int BYTE_LENGTH = "<0x00>".length();

    private final TokenizerParts.Settings settings;
    private final int tokens;
    private final int[] extra;
    private final int[] symbols = new int[1 << 16];
    private final LongTable highSymbols;
    private final int[] byteTokens = new int[BYTES];
    private final RuleTable rules;
    private final boolean cuts;
    private final BitSet glued = new BitSet();

    Bpe(TokenizerParts parts) {
        settings = parts.settings();
        tokens = parts.vocabulary().size();
        extra = parts.rules().extra();
        boolean[] marked = new boolean[tokens + extra.length];
        highSymbols = findSymbols(parts.vocabulary(), marked);
        rules = new RuleTable(parts.rules(), tokens + extra.length);
        cuts = settings.spaceMark() && findGlue(parts.vocabulary(), parts.rules(), marked);
    }

    /**
     * Fills the tables of characters and bytes.
     *
     * @param marked is told which symbols start with a space mark
     * @return the symbols of characters above U+FFFF
     */
    private LongTable findSymbols(Vocabulary vocabulary, boolean[] marked) {
        Arrays.fill(symbols, NONE);
        Arrays.fill(byteTokens, NONE);
        var high = new BitSet();
        for (int id = 0; id < tokens; id++) {
            marked[id] = vocabulary.first(id) == Tokenizer.SPACE_MARK;
            int length = vocabulary.length(id);
            if (length <= 2) {
                int codePoint = vocabulary.onlyCodePoint(id);
                if (codePoint > 0xFFFF) {
                    high.set(id);
                } else if (codePoint >= 0) {
                    symbols[codePoint] = id;
                }
            } else if (length == BYTE_LENGTH) {
                int value = vocabulary.byteValue(id);
                if (value >= 0 && vocabulary.text(id).equals(byteText(value))) {
                    byteTokens[value] = id;
                }
            }
        }
        return placeHigh(vocabulary, high, marked);
    }

    private LongTable placeHigh(Vocabulary vocabulary, BitSet high, boolean[] marked) {
        var table = new LongTable(high.cardinality() + extra.length + 1);
        high.stream().forEach(id -> table.put(vocabulary.onlyCodePoint(id), id));
        for (int i = 0; i < extra.length; i++) {
            if (extra[i] > 0xFFFF) {
                table.put(extra[i], tokens + i);
            } else {
                symbols[extra[i]] = tokens + i;
            }
            marked[tokens + i] = extra[i] == Tokenizer.SPACE_MARK;
        }
        return table;
    }

    /** How the token of a byte is written. */
    static String byteText(int value) {
        return "<0x" + HexFormat.of().withUpperCase().toHexDigits((byte) value) + ">";
    }

    /**
     * Finds the characters that a rule may join with a space mark behind them. Everywhere else a text can be cut in
     * front of a space without changing its tokens.
     *
     * @return whether that holds, which it does not if characters can vanish between the two, or if a rule has parts
     *     that are not the text they stand for
     */
    private boolean findGlue(Vocabulary vocabulary, MergeRules all, boolean[] marked) {
        boolean sound = symbols[Tokenizer.SPACE_MARK] != NONE && everyCharacterStays();
        for (int i = 0; i < all.size(); i++) {
            if (marked[all.right()[i]]) {
                int left = all.left()[i];
                sound &= left != settings.unknown() && !isByte(vocabulary, left);
                glued.set(lastOf(vocabulary, left));
            }
        }
        return sound;
    }

    private boolean everyCharacterStays() {
        return settings.unknown() != NONE
                || settings.byteFallback() && Arrays.stream(byteTokens).allMatch(id -> id != NONE);
    }

    private boolean isByte(Vocabulary vocabulary, int symbol) {
        return symbol < tokens && vocabulary.byteValue(symbol) >= 0;
    }

    private char lastOf(Vocabulary vocabulary, int symbol) {
        if (symbol < tokens) {
            return vocabulary.last(symbol);
        }
        int codePoint = extra[symbol - tokens];
        return codePoint > 0xFFFF ? Character.lowSurrogate(codePoint) : (char) codePoint;
    }

    @Override
    public Run run(Ids ids) {
        return new BpeRun(this, ids);
    }

    @Override
    public char space() {
        return settings.spaceMark() ? Tokenizer.SPACE_MARK : ' ';
    }

    @Override
    public boolean marksBeginning() {
        return false;
    }

    TokenizerParts.Settings settings() {
        return settings;
    }

    /** The symbol of a character, or {@link #NONE}. */
    int symbol(int codePoint) {
        return codePoint <= 0xFFFF ? symbols[codePoint] : (int) highSymbols.get(codePoint);
    }

    /** The token of a byte, or {@link #NONE}. @param value 0..255 */
    int byteToken(int value) {
        return byteTokens[value];
    }

    /** What two neighbours become: {@code rank << 32 | result}, or {@link RuleTable#NONE} if they stay apart. */
    long rule(int left, int right) {
        return rules.find(left, right);
    }

    /** Whether no rule can reach across the border between this character and a space mark behind it. */
    boolean cutsAfter(char before) {
        return cuts && before != Tokenizer.SPACE_MARK && !glued.get(before);
    }

    /** The character of a symbol that is no token, or {@link #NONE} for a token. */
    int extraCodePoint(int symbol) {
        return symbol < tokens ? NONE : extra[symbol - tokens];
    }
}
