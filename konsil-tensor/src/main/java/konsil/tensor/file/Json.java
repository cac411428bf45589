package konsil.tensor.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** A JSON value (RFC 8259). Objects keep the order of their file; there are no duplicate keys. */
public sealed interface Json {
    record Obj(SequencedMap<String, Json> fields) implements Json {
        public Obj {
            fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
        }
    }

    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }
    }

    record Text(String value) implements Json {}

    /** A number written without fraction and exponent that fits a long. */
    record Whole(long value) implements Json {}

    /** Any other number; finite. */
    record Real(double value) implements Json {
        public Real {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("JSON has no " + value);
            }
        }
    }

    record Flag(boolean value) implements Json {}

    record Null() implements Json {}

    /**
     * Reads a file.
     *
     * @throws BadFileException when it is missing, not one JSON value, not UTF-8, or beyond the limits; duplicate keys
     *     are refused
     */
    static Json read(Path file, JsonLimits limits) throws IOException {
        try (var mapped = MappedFile.open(file)) {
            return parse(mapped.bytes(), file, limits);
        }
    }

    /**
     * Reads UTF-8 bytes.
     *
     * @param file what to call them in errors
     * @throws BadFileException as {@link #read}
     */
    static Json parse(MemorySegment text, Path file, JsonLimits limits) {
        return JsonReader.read(text, file, limits);
    }

    /**
     * Reads text that is in memory already.
     *
     * @param file what to call it in errors
     * @throws BadFileException as {@link #read}
     */
    static Json parse(String text, Path file, JsonLimits limits) {
        return parse(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)), file, limits);
    }

    /** Compact, on one line. Strings are escaped so that the result is ASCII but for letters. */
    default String write() {
        return JsonWriter.write(this, false);
    }

    /** Indented by two spaces. */
    default String writeIndented() {
        return JsonWriter.write(this, true);
    }

    /** What kind of value this is, for messages: "a number", "text", "an object". */
    default String kind() {
        return switch (this) {
            case Obj _ -> "an object";
            case Arr _ -> "a list";
            case Text _ -> "text";
            case Whole _ -> "a whole number";
            case Real _ -> "a number";
            case Flag _ -> "true or false";
            case Null _ -> "null";
        };
    }
}
