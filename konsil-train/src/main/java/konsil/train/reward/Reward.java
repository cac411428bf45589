package konsil.train.reward;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Json;

/** Judges completions. */
public interface Reward {
    /** What it is called in metrics. */
    String name();

    /**
     * Whether a line of data says what this needs.
     *
     * @throws BadInputException when it does not; the message names the field, not its contents
     */
    default void requireUsable(Map<String, Json> more) {}

    /** One number for each, more is better. @throws IOException when somebody else who judges fails */
    double[] of(List<Judged> completions) throws IOException;

    /**
     * A completion and what its question came with.
     *
     * @param more fields of the line of data besides its messages
     */
    record Judged(String completion, Map<String, Json> more) {}

    /** A reward that looks at one completion at a time. */
    abstract class Each implements Reward {
        @Override
        public final double[] of(List<Judged> completions) {
            return completions.stream().mapToDouble(this::of).toArray();
        }

        protected abstract double of(Judged judged);
    }

    /** The text of a field. @throws BadInputException when there is none */
    static String text(Map<String, Json> more, String field) {
        if (more.get(field) instanceof Json.Text(var text)) {
            return text;
        }
        throw new BadInputException("%s: want text beside the messages".formatted(field));
    }
}
