package konsil.train.tokenizer;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.tensor.file.JsonSource;

/**
 * Texts to train on, from files. A name that ends in .jsonl: each line an object with {@code "text"}, or with
 * {@code "messages"} in the chat layout of Hugging Face, of which roles and texts count. Any other name: each line of
 * the file, in UTF-8, is a text.
 */
public final class TrainingTexts {
    private static final int LONGEST_LINE = 64 << 20;
    private static final JsonLimits LINE = new JsonLimits(LONGEST_LINE, 16, LONGEST_LINE, 2_000_000);
    private static final String MESSAGES = "messages";
    private static final String CONTENT = "content";

    private TrainingTexts() {}

    /**
     * Hands over every text of a file.
     *
     * @return how many
     * @throws BadFileException if it is missing, not UTF-8, or a line is none of the above; the line is named
     */
    public static long read(Path file, Consumer<String> to) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new BadFileException(file, "there is no such file, or no permission to read it");
        }
        try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return read(in, file, to);
        }
    }

    /** As {@link #read(Path, Consumer)}. @param file what the bytes are called, which tells how they are read */
    static long read(InputStream in, Path file, Consumer<String> to) throws IOException {
        boolean objects = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".jsonl");
        long count = 0;
        var line = new ByteArrayOutputStream();
        for (long number = 1; readLine(in, line, file, number); number++) {
            String text = text(line, file, number);
            if (text.isBlank()) continue;
            count++;
            if (objects) {
                parse(line.toByteArray(), file, number, to);
            } else {
                to.accept(text);
            }
        }
        return count;
    }

    /** @return false at the end of the file */
    private static boolean readLine(InputStream in, ByteArrayOutputStream line, Path file, long number)
            throws IOException {
        line.reset();
        int next = in.read();
        boolean some = next >= 0;
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (line.size() == LONGEST_LINE) {
                throw bad(file, number, "is longer than %d bytes".formatted(LONGEST_LINE));
            }
            line.write(next);
        }
        return some;
    }

    private static String text(ByteArrayOutputStream line, Path file, long number) {
        try {
            var decoder = StandardCharsets.UTF_8.newDecoder();
            return decoder.decode(ByteBuffer.wrap(line.toByteArray())).toString();
        } catch (CharacterCodingException _) {
            throw bad(file, number, "is not UTF-8");
        }
    }

    private static void parse(byte[] line, Path file, long number, Consumer<String> to) {
        Json value;
        try (var source = JsonSource.of(ByteBuffer.wrap(line), file, LINE)) {
            value = source.value();
            source.end();
        } catch (BadFileException _) {
            throw bad(file, number, "is not one JSON value");
        }
        if (value instanceof Json.Obj(var fields)) {
            if (fields.get("text") instanceof Json.Text(var text)) {
                to.accept(text);
                return;
            }
            if (fields.get(MESSAGES) instanceof Json.Arr(var messages)) {
                for (Json message : messages) message(message, file, number, to);
                return;
            }
        }
        throw bad(file, number, "want an object with \"text\" or a list of \"messages\"");
    }

    private static void message(Json message, Path file, long number, Consumer<String> to) {
        if (message instanceof Json.Obj(var fields) && fields.get("role") instanceof Json.Text(var role)) {
            to.accept(role.equals("assistant") ? "model" : role);
            switch (fields.get(CONTENT)) {
                case Json.Text(var text) -> to.accept(text);
                case Json.Arr(var parts) -> parts.forEach(part -> part(part, to));
                case null, default -> throw bad(file, number, "want a message with text or a list as \"content\"");
            }
        } else {
            throw bad(file, number, "want messages that are objects with a \"role\"");
        }
    }

    /** Images and sounds have no text. */
    private static void part(Json part, Consumer<String> to) {
        if (part instanceof Json.Obj(var fields) && fields.get("text") instanceof Json.Text(var text)) to.accept(text);
    }

    private static BadFileException bad(Path file, long number, String what) {
        return new BadFileException(file, "line " + number, what);
    }
}
