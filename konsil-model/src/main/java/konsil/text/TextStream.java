package konsil.text;

import java.util.Arrays;

/**
 * Decodes ids as they come. The pieces returned, joined, are exactly what decoding all ids at once gives. Bytes are
 * held back until the run of byte tokens that they belong to ends: only then is it known whether they are characters.
 * For one sequence and one thread.
 */
public final class TextStream {
    private final Tokenizer tokenizer;
    private final Specials specials;
    private byte[] bytes = new byte[16];
    private int held;
    private boolean begun;

    TextStream(Tokenizer tokenizer, Specials specials) {
        this.tokenizer = tokenizer;
        this.specials = specials;
    }

    /**
     * The text that is certain now that this id has come; often empty or a part of a word.
     *
     * @throws IllegalArgumentException if the vocabulary has no such id
     */
    public String accept(int id) {
        String text = tokenizer.token(id);
        if (specials == Specials.SKIP && tokenizer.special(id)) {
            return "";
        }
        int value = tokenizer.byteValue(id);
        if (value < 0) {
            String space = !begun && tokenizer.marksBeginning() ? "" : " ";
            String before = heldText();
            begun = true;
            return before + text.replace(String.valueOf(Tokenizer.SPACE_MARK), space);
        }
        if (held == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * held);
        }
        bytes[held++] = (byte) value;
        begun = true;
        return "";
    }

    /** What is still held back, when no more ids come; the stream can then be used for another sequence. */
    public String finish() {
        begun = false;
        return heldText();
    }

    private String heldText() {
        int count = held;
        held = 0;
        return count == 0 ? "" : Utf8.text(bytes, count);
    }
}
