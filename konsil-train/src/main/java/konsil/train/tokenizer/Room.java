package konsil.train.tokenizer;

import konsil.tensor.BadInputException;

/** How many pieces fit in. */
final class Room {
    private Room() {}

    static BadInputException exceeded(int wanted, int room) {
        return new BadInputException(
                ("size: special tokens, characters and words to keep need %d tokens more than there are; "
                                + "want a larger size, or a smaller coverage of characters")
                        .formatted(wanted - room));
    }
}
