package konsil.train.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import konsil.tensor.file.Json;

/**
 * One line of data.
 *
 * @param line where it stands, counted from 1
 * @param more what else the line says, as "answer" for rewards
 */
public record Conversation(int line, List<Message> messages, Map<String, Json> more) {
    public Conversation {
        messages = List.copyOf(messages);
    }

    /** What one side says. @param role "system", "user" or "assistant" */
    public record Message(String role, List<Part> parts) {
        public Message {
            parts = List.copyOf(parts);
        }
    }

    /** A part of a message. */
    public sealed interface Part {
        record Words(String text) implements Part {}

        /** @param file resolved against the folder of the data */
        record Image(Path file) implements Part {}

        /** A study, which becomes text and images. @param path resolved against the folder of the data */
        record Study(Path path) implements Part {}
    }
}
