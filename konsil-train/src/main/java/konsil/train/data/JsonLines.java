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
import java.util.List;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;

/**
 * Files of one JSON value on each line. All lines that cannot be used are told at once, by number, without contents.
 */
public final class JsonLines {
    /** Characters of a line, and lines of a file. */
    private static final int LONGEST_LINE = 16 << 20;

    private static final int MOST_LINES = 5_000_000;
    private static final JsonLimits LIMITS = new JsonLimits(LONGEST_LINE, 16, LONGEST_LINE, 1_000_000);

    private JsonLines() {}

    /** What a line breaks, said without its contents. */
    public static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Wrong(String what) {
            super(what, null, false, false);
        }
    }

    /** Makes something of a line. */
    public interface Reading<T> {
        /**
         * @param line counted from 1
         * @throws Wrong when it cannot be used
         */
        T of(int line, Json value);
    }

    /**
     * Reads a whole file.
     *
     * @param what a line is, in the singular, for errors
     * @throws BadInputException that lists every line that cannot be used, up to a number; also when there is none
     * @throws IOException when the disk fails
     */
    public static <T> List<T> read(Path file, String what, Reading<T> reading) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException("%s: want a file of %ss, one JSON object on each line".formatted(file, what));
        }
        try (var in = Files.newInputStream(file)) {
            return read(file, in, what, reading);
        }
    }

    /** The same from anywhere. @param file what to call it */
    public static <T> List<T> read(Path file, InputStream in, String what, Reading<T> reading) throws IOException {
        var problems = new Problems(file);
        var read = new ArrayList<T>();
        int number = 0;
        try (var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))) {
            for (String line = line(file, reader); line != null; line = line(file, reader)) {
                number++;
                if (number > MOST_LINES) {
                    throw new BadInputException("%s: want at most %d lines".formatted(file, MOST_LINES));
                }
                if (!line.isBlank()) {
                    add(file, number, line, reading, read, problems);
                }
            }
        } catch (CharacterCodingException _) {
            problems.add(number + 1, "this is not UTF-8");
        }
        problems.report();
        if (read.isEmpty()) {
            throw new BadInputException("%s: holds no %s".formatted(file, what));
        }
        return read;
    }

    /** As readLine, which would take any length. */
    private static String line(Path file, BufferedReader reader) throws IOException {
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

    private static <T> void add(Path file, int number, String line, Reading<T> reading, List<T> to, Problems problems) {
        try {
            to.add(reading.of(number, Json.parse(line, file, LIMITS)));
        } catch (Wrong wrong) {
            problems.add(number, wrong.getMessage());
        } catch (BadFileException wrong) {
            String name = file.getFileName() + ": ";
            String message = wrong.getMessage();
            problems.add(number, message.startsWith(name) ? message.substring(name.length()) : message);
        }
    }

    /** @throws Wrong when it is none */
    public static Json.Obj object(Json value, String where) {
        if (value instanceof Json.Obj object) {
            return object;
        }
        throw new Wrong("%s: want an object, got %s".formatted(where, kind(value)));
    }

    /** @throws Wrong when it is none */
    public static List<Json> list(Json value, String where) {
        if (value instanceof Json.Arr(var items)) {
            return items;
        }
        throw new Wrong("%s: want a list, got %s".formatted(where, kind(value)));
    }

    /** @throws Wrong when it is none */
    public static String text(Json value, String where) {
        if (value instanceof Json.Text(var text)) {
            return text;
        }
        throw new Wrong("%s: want text, got %s".formatted(where, kind(value)));
    }

    private static String kind(Json value) {
        return value == null ? "nothing" : value.kind();
    }

    /** A path of a line, relative to the file. @throws Wrong when it cannot be one */
    public static Path resolved(Path file, String path, String where) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            return folder.resolve(path).normalize();
        } catch (InvalidPathException _) {
            throw new Wrong(where + ": this cannot be a path");
        }
    }
}
