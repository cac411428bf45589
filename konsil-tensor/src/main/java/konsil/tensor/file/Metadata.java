package konsil.tensor.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What a checkpoint says about itself, by key. Lists live as long as the checkpoint. */
public final class Metadata {
    /** More than any file has by far, and few enough to hold whatever the file says. */
    static final int MOST_KEYS = 65_536;

    private final Path file;
    private final SequencedMap<String, MetaValue> values;

    /** @param file for errors */
    public Metadata(Path file, SequencedMap<String, MetaValue> values) {
        this.file = file;
        this.values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }

    static Metadata ofText(Path file, Map<String, String> texts) {
        var values = new LinkedHashMap<String, MetaValue>();
        texts.forEach((key, text) -> values.put(key, new MetaValue.Text(text)));
        return new Metadata(file, values);
    }

    /** Everything, in the order of the file. */
    public SequencedMap<String, MetaValue> values() {
        return values;
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /**
     * A string.
     *
     * @throws BadFileException when the key is missing or holds something else, as for all that follow
     */
    public String text(String key) {
        return switch (want(key)) {
            case MetaValue.Text(var text) -> text;
            case MetaValue other -> throw wrong(key, "text", other);
        };
    }

    public String text(String key, String otherwise) {
        return has(key) ? text(key) : otherwise;
    }

    /** A whole number of any width. */
    public long whole(String key) {
        return switch (want(key)) {
            case MetaValue.Whole(var type, long value) when type != MetaType.U64 || value >= 0 -> value;
            case MetaValue other -> throw wrong(key, "a whole number below 2^63", other);
        };
    }

    public long whole(String key, long otherwise) {
        return has(key) ? whole(key) : otherwise;
    }

    /** A number of any kind. */
    public double real(String key) {
        return switch (want(key)) {
            case MetaValue.Real number -> number.value();
            case MetaValue.Whole _ -> whole(key);
            case MetaValue other -> throw wrong(key, "a number", other);
        };
    }

    public double real(String key, double otherwise) {
        return has(key) ? real(key) : otherwise;
    }

    public boolean flag(String key) {
        return switch (want(key)) {
            case MetaValue.Flag(boolean value) -> value;
            case MetaValue other -> throw wrong(key, "true or false", other);
        };
    }

    public boolean flag(String key, boolean otherwise) {
        return has(key) ? flag(key) : otherwise;
    }

    /** A list of strings. */
    public List<String> texts(String key) {
        var items = items(key, MetaType.TEXT);
        var cursor = new ByteCursor(file, items.raw());
        var texts = new ArrayList<String>(items.count());
        for (int i = 0; i < items.count(); i++) {
            texts.add(cursor.text(cursor.u64(key), key));
        }
        return texts;
    }

    /** A list of f32. */
    public float[] floats(String key) {
        var items = items(key, MetaType.F32);
        float[] values = new float[items.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = items.raw().get(ByteCursor.FLOAT, 4L * i);
        }
        return values;
    }

    /** A list of whole numbers, of any width up to 32 bits. */
    public int[] wholes(String key) {
        var items =
                switch (want(key)) {
                    case MetaValue.Items list -> list;
                    case MetaValue other -> throw wrong(key, "a list", other);
                };
        var cursor = new ByteCursor(file, items.raw());
        int[] values = new int[items.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (items.type()) {
                case U8, BOOL -> cursor.u8(key);
                case I8 -> (byte) cursor.u8(key);
                case U16 -> cursor.u16(key);
                case I16 -> (short) cursor.u16(key);
                case I32, U32 -> (int) cursor.u32(key);
                default -> throw wrong(key, "a list of whole numbers", items);
            };
        }
        return values;
    }

    private MetaValue.Items items(String key, MetaType type) {
        return switch (want(key)) {
            case MetaValue.Items list when list.type() == type -> list;
            case MetaValue other -> throw wrong(key, "a list of " + type, other);
        };
    }

    private MetaValue want(String key) {
        var value = values.get(key);
        if (value == null) {
            throw new BadFileException(file, key, "the file's metadata lacks this key");
        }
        return value;
    }

    private BadFileException wrong(String key, String wanted, MetaValue got) {
        String kind =
                switch (got) {
                    case MetaValue.Text _ -> "text";
                    case MetaValue.Flag _ -> "true or false";
                    case MetaValue.Whole whole -> "a " + whole.type();
                    case MetaValue.Real real -> "a " + real.type();
                    case MetaValue.Items items -> "a list of " + items.type();
                };
        return new BadFileException(file, key, "want %s, got %s".formatted(wanted, kind));
    }
}
