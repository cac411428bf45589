package konsil.train.data;

import java.util.Locale;
import konsil.tensor.BadInputException;

/** Which tokens of a conversation are learnt. Soft tokens of images and the mark of an image's beginning never are. */
public enum Masking {
    /** What the assistant says, with the end of its turn. */
    ANSWER,
    /** Everything, as Google's notebook does it. */
    ALL;

    /** @throws BadInputException when there is none of this name */
    public static Masking named(String name) {
        for (var masking : values()) {
            if (masking.name().equalsIgnoreCase(name)) {
                return masking;
            }
        }
        throw new BadInputException("loss: want answer or all, got " + name.toLowerCase(Locale.ROOT));
    }
}
