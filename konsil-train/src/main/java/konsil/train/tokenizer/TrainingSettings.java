package konsil.train.tokenizer;

import java.util.List;
import konsil.tensor.BadInputException;

/**
 * What a tokenizer is to be like.
 *
 * @param size tokens in all, special ones included; 8 to 2^18
 * @param longest characters of one token, the mark of its space included; 2 to 64
 * @param coverage share of the characters of the texts that become tokens of their own, the most frequent first; above
 *     0, at most 1. The others are written as bytes (Gemma) or unknown (MedASR).
 * @param keep words that are to be one token each, however rare, as they are written, without spaces
 */
public record TrainingSettings(int size, int longest, double coverage, List<String> keep) {
    private static final int SMALLEST = 8;
    private static final int LARGEST = 1 << 18;
    private static final int MOST_CHARACTERS = 64;
    private static final int USUAL_LONGEST = 16;
    private static final int MOST_KEPT = 1000;

    /** @throws BadInputException if a value is out of its range, or a word to keep is not one word */
    public TrainingSettings {
        keep = List.copyOf(keep);
        if (size < SMALLEST || size > LARGEST) {
            throw new BadInputException("size: want %d to %d tokens, got %d".formatted(SMALLEST, LARGEST, size));
        }
        if (longest < 2 || longest > MOST_CHARACTERS) {
            throw new BadInputException(
                    "longest: want 2 to %d characters a token, got %d".formatted(MOST_CHARACTERS, longest));
        }
        if (!(coverage > 0 && coverage <= 1)) {
            throw new BadInputException("coverage: want a share above 0, at most 1, got " + coverage);
        }
        if (keep.size() > MOST_KEPT) {
            throw new BadInputException("keep: want at most %d words, got %d".formatted(MOST_KEPT, keep.size()));
        }
        for (String word : keep) {
            if (word.isEmpty() || word.codePointCount(0, word.length()) >= MOST_CHARACTERS || !Words.plain(word)) {
                throw new BadInputException("keep: want words of 1 to %d characters without spaces and lone surrogates"
                        .formatted(MOST_CHARACTERS - 1));
            }
        }
    }

    /** Tokens of up to 16 characters, as SentencePiece has them, and every character of the texts a token. */
    public static TrainingSettings of(int size) {
        return new TrainingSettings(size, USUAL_LONGEST, 1, List.of());
    }
}
