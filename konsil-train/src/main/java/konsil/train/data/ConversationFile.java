package konsil.train.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;

/**
 * A file of conversations, one JSON object on each line, in the chat layout of Hugging Face: {@code {"messages":
 * [{"role": "user", "content": [{"type": "image", "image": "a.png"}, {"type": "text", "text": "..."}]}, ...]}}. Content
 * may be a plain string. An image's path stands in "image" or "path", or in the line's list "images", which items
 * without a path take from in order. A study's path stands in "study" or "path". Paths are relative to the file.
 */
public final class ConversationFile {
    /** Characters of a line, and lines of a file. */
    private static final int LONGEST_LINE = 16 << 20;

    private static final int MOST_LINES = 5_000_000;
    private static final JsonLimits LIMITS = new JsonLimits(LONGEST_LINE, 16, LONGEST_LINE, 1_000_000);
    private static final Set<String> ROLES = Set.of("system", "user", "assistant");

    private final Path file;
    private final Problems problems;

    private ConversationFile(Path file) {
        this.file = file;
        this.problems = new Problems(file);
    }

    /**
     * Reads a whole file.
     *
     * @throws BadInputException that lists every line that cannot be used, up to a number; also when there is none
     * @throws IOException when the disk fails
     */
    public static List<Conversation> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException("%s: want a file of conversations, one JSON object on each line".formatted(file));
        }
        try (var in = Files.newInputStream(file)) {
            return read(file, in);
        }
    }

    /** @param file what to call it, and what paths are relative to */
    static List<Conversation> read(Path file, InputStream in) throws IOException {
        return new ConversationFile(file).conversations(in);
    }

    private List<Conversation> conversations(InputStream in) throws IOException {
        var conversations = new ArrayList<Conversation>();
        int number = 0;
        try (var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))) {
            for (String line = line(reader); line != null; line = line(reader)) {
                number++;
                if (number > MOST_LINES) {
                    throw new BadInputException("%s: want at most %d lines".formatted(file, MOST_LINES));
                }
                if (!line.isBlank()) {
                    add(number, line, conversations);
                }
            }
        } catch (CharacterCodingException _) {
            problems.add(number + 1, "this is not UTF-8");
        }
        problems.report();
        if (conversations.isEmpty()) {
            throw new BadInputException(file + ": holds no conversation");
        }
        return conversations;
    }

    /** As readLine, which would take any length. */
    private String line(BufferedReader reader) throws IOException {
        var line = new StringBuilder();
        int c = reader.read();
        if (c < 0) {
            return null;
        }
        while (c >= 0 && c != '\n') {
            line.append((char) c);
            if (line.length() > LONGEST_LINE) {
                throw new BadInputException("%s: want lines of at most %d characters".formatted(file, LONGEST_LINE));
            }
            c = reader.read();
        }
        return line.toString();
    }

    /** What a line breaks, said without its contents. */
    private static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrong(String what) {
            super(what, null, false, false);
        }
    }

    private void add(int number, String line, List<Conversation> to) {
        try {
            to.add(conversation(number, Json.parse(line, file, LIMITS)));
        } catch (Wrong wrong) {
            problems.add(number, wrong.getMessage());
        } catch (BadFileException wrong) {
            String name = file.getFileName() + ": ";
            String message = wrong.getMessage();
            problems.add(number, message.startsWith(name) ? message.substring(name.length()) : message);
        }
    }

    private Conversation conversation(int number, Json root) {
        var fields = object(root, "the line").fields();
        var images = paths(fields.get("images")).iterator();
        var messages = new ArrayList<Conversation.Message>();
        var list = list(fields.get("messages"), "messages");
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

    private static Json.Obj object(Json value, String where) {
        if (value instanceof Json.Obj object) {
            return object;
        }
        throw new Wrong("%s: want an object, got %s".formatted(where, kind(value)));
    }

    private static List<Json> list(Json value, String where) {
        if (value instanceof Json.Arr(var items)) {
            return items;
        }
        throw new Wrong("%s: want a list, got %s".formatted(where, kind(value)));
    }

    private static String kind(Json value) {
        return value == null ? "nothing" : value.kind();
    }

    private static List<String> paths(Json value) {
        if (value == null || value instanceof Json.Null) {
            return List.of();
        }
        var paths = new ArrayList<String>();
        for (var item : list(value, "images")) {
            paths.add(text(item, "images"));
        }
        return paths;
    }

    private static String text(Json value, String where) {
        if (value instanceof Json.Text(var text)) {
            return text;
        }
        throw new Wrong("%s: want text, got %s".formatted(where, kind(value)));
    }

    private Conversation.Message message(Json value, String where, Iterator<String> images) {
        var fields = object(value, where).fields();
        String role = text(fields.get("role"), where + ".role");
        if (!ROLES.contains(role)) {
            throw new Wrong(where + ".role: want system, user or assistant");
        }
        Json content = fields.get("content");
        if (content instanceof Json.Text(var words)) {
            return new Conversation.Message(role, List.of(new Conversation.Part.Words(words)));
        }
        var parts = new ArrayList<Conversation.Part>();
        var items = list(content, where + ".content");
        for (int i = 0; i < items.size(); i++) {
            parts.add(part(items.get(i), "%s.content[%d]".formatted(where, i), images));
        }
        if (role.equals("assistant") && parts.stream().anyMatch(part -> !(part instanceof Conversation.Part.Words))) {
            throw new Wrong(where + ": the assistant answers in text alone");
        }
        return new Conversation.Message(role, parts);
    }

    private Conversation.Part part(Json value, String where, Iterator<String> images) {
        var fields = object(value, where).fields();
        String type = text(fields.get("type"), where + ".type");
        return switch (type) {
            case "text" -> new Conversation.Part.Words(text(fields.get("text"), where + ".text"));
            case "image" -> {
                String path = path(fields, "image", where, images);
                Path image = resolved(path, where);
                if (!Files.isRegularFile(image)) {
                    throw new Wrong("%s: there is no such image file".formatted(where));
                }
                yield new Conversation.Part.Image(image);
            }
            case "study" -> {
                Path study = resolved(path(fields, "study", where, List.<String>of().iterator()), where);
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

    private Path resolved(String path, String where) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            return folder.resolve(path).normalize();
        } catch (InvalidPathException _) {
            throw new Wrong(where + ": this cannot be a path");
        }
    }
}
