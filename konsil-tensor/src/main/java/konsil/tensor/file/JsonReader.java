package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import tools.jackson.core.JsonToken;

/** Builds trees out of a JSON text. */
final class JsonReader {
    private static final Json.Null NULL = new Json.Null();
    private static final Json.Flag TRUE = new Json.Flag(true);
    private static final Json.Flag FALSE = new Json.Flag(false);

    private final Path file;
    private final JsonLimits limits;
    private int values;

    JsonReader(Path file, JsonLimits limits) {
        this.file = file;
        this.limits = limits;
    }

    /** The tree of a whole text. */
    static Json read(MemorySegment text, Path file, JsonLimits limits) {
        try (var source = new JsonSource(text, file, limits)) {
            Json root = source.value();
            source.end();
            return root;
        }
    }

    /** The value that starts with this token. Recursion is bounded by the limit on depth, which the parser enforces. */
    Json value(JsonSource source, JsonToken token) {
        if (++values > limits.values()) {
            throw new BadFileException(file, "the JSON holds more than %d values".formatted(limits.values()));
        }
        return switch (token) {
            case START_OBJECT -> object(source);
            case START_ARRAY -> list(source);
            case VALUE_STRING -> new Json.Text(source.text());
            case VALUE_NUMBER_INT ->
                source.fitsLong() ? new Json.Whole(source.wholeNumber()) : new Json.Real(source.realNumber());
            case VALUE_NUMBER_FLOAT -> new Json.Real(source.realNumber());
            case VALUE_TRUE -> TRUE;
            case VALUE_FALSE -> FALSE;
            case VALUE_NULL -> NULL;
            default -> throw new BadFileException(file, "this is not valid JSON");
        };
    }

    private Json object(JsonSource source) {
        var fields = new LinkedHashMap<String, Json>();
        while (source.next() != JsonToken.END_OBJECT) {
            String key = source.text();
            if (fields.put(key, value(source, source.next())) != null) {
                throw new BadFileException(file, key, "this key stands twice in one object of the JSON");
            }
        }
        return new Json.Obj(fields);
    }

    private Json list(JsonSource source) {
        var items = new ArrayList<Json>();
        for (var token = source.next(); token != JsonToken.END_ARRAY; token = source.next()) {
            items.add(value(source, token));
        }
        return new Json.Arr(items);
    }
}
