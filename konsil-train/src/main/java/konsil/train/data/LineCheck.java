package konsil.train.data;

import java.nio.file.Path;
import java.util.List;
import konsil.tensor.BadInputException;

/** Looks at every conversation of a file and says of all that cannot be used, with their lines, at once. */
public final class LineCheck {
    private LineCheck() {}

    /** What a conversation must hold. */
    @FunctionalInterface
    public interface Check {
        /** @throws BadInputException when it does not hold */
        void of(Conversation conversation);
    }

    /** @throws BadInputException that lists what is wrong, up to a number */
    public static void each(Path file, List<Conversation> conversations, Check check) {
        var problems = new Problems(file);
        for (var conversation : conversations) {
            try {
                check.of(conversation);
            } catch (BadInputException e) {
                problems.add(conversation.line(), e.getMessage());
            }
        }
        problems.report();
    }
}
