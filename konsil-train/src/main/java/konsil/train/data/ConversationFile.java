package konsil.train.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Json;
import konsil.train.data.JsonLines.Wrong;

/**
 * A file of conversations, one JSON object on each line, in the chat layout of Hugging Face: {@code {"messages":
 * [{"role": "user", "content": [{"type": "image", "image": "a.png"}, {"type": "text", "text": "..."}]}, ...]}}. Content
 * may be a plain string. An image's path stands in "image" or "path", or in the line's list "images", which items
 * without a path take from in order. A study's path stands in "study" or "path". Paths are relative to the file.
 */
public final class ConversationFile {
    private static final Set<String> ROLES = Set.of("system", "user", "assistant");

    private final Path file;

    private ConversationFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a whole file.
     *
     * @throws BadInputException that lists every line that cannot be used, up to a number; also when there is none
     * @throws IOException when the disk fails
     */
    public static List<Conversation> read(Path file) throws IOException {
        return JsonLines.read(file, "conversation", new ConversationFile(file)::conversation);
    }

    /** @param file what to call it, and what paths are relative to */
    static List<Conversation> read(Path file, InputStream in) throws IOException {
        return JsonLines.read(file, in, "conversation", new ConversationFile(file)::conversation);
    }

    private Conversation conversation(int number, Json root) {
        var fields = JsonLines.object(root, "the line").fields();
        var images = paths(fields.get("images")).iterator();
        var messages = new ArrayList<Conversation.Message>();
        var list = JsonLines.list(fields.get("messages"), "messages");
        for (int i = 0; i < list.size(); i++) {
            messages.add(message(list.get(i), "messages[%d]".formatted(i), images));
        }
        if (messages.isEmpty()) {
            throw new Wrong("messages: want at least one");
        }
        if (images.hasNext()) {
            throw new Wrong("images: has more paths than there are items of type image without one");
        }
        Map<String, Json> more = new LinkedHashMap<>(fields);
        more.remove("messages");
        more.remove("images");
        return new Conversation(number, messages, more);
    }

    private static List<String> paths(Json value) {
        if (value == null || value instanceof Json.Null) {
            return List.of();
        }
        var paths = new ArrayList<String>();
        for (var item : JsonLines.list(value, "images")) {
            paths.add(JsonLines.text(item, "images"));
        }
        return paths;
    }

    private Conversation.Message message(Json value, String where, Iterator<String> images) {
        var fields = JsonLines.object(value, where).fields();
        String role = JsonLines.text(fields.get("role"), where + ".role");
        if (!ROLES.contains(role)) {
            throw new Wrong(where + ".role: want system, user or assistant");
        }
        Json content = fields.get("content");
        if (content instanceof Json.Text(var words)) {
            return new Conversation.Message(role, List.of(new Conversation.Part.Words(words)));
        }
        var parts = new ArrayList<Conversation.Part>();
        var items = JsonLines.list(content, where + ".content");
        for (int i = 0; i < items.size(); i++) {
            parts.add(part(items.get(i), "%s.content[%d]".formatted(where, i), images));
        }
        if (role.equals("assistant") && parts.stream().anyMatch(part -> !(part instanceof Conversation.Part.Words))) {
            throw new Wrong(where + ": the assistant answers in text alone");
        }
        return new Conversation.Message(role, parts);
    }

    private Conversation.Part part(Json value, String where, Iterator<String> images) {
        var fields = JsonLines.object(value, where).fields();
        String type = JsonLines.text(fields.get("type"), where + ".type");
        return switch (type) {
            case "text" -> new Conversation.Part.Words(JsonLines.text(fields.get("text"), where + ".text"));
            case "image" -> {
                String path = path(fields, "image", where, images);
                Path image = JsonLines.resolved(file, path, where);
                if (!Files.isRegularFile(image)) {
                    throw new Wrong("%s: there is no such image file".formatted(where));
                }
                yield new Conversation.Part.Image(image);
            }
            case "study" -> {
                Path study = JsonLines.resolved(
                        file, path(fields, "study", where, List.<String>of().iterator()), where);
                if (!Files.exists(study)) {
                    throw new Wrong("%s: there is no such study".formatted(where));
                }
                yield new Conversation.Part.Study(study);
            }
            default -> throw new Wrong(where + ".type: want text, image or study");
        };
    }

    private static String path(Map<String, Json> fields, String key, String where, Iterator<String> images) {
        for (String name : List.of(key, "path")) {
            if (fields.get(name) instanceof Json.Text(var path)) {
                return path;
            }
        }
        if (images.hasNext()) {
            return images.next();
        }
        throw new Wrong("%s: want the path of a file in %s or path".formatted(where, key));
    }
}
