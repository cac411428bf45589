package konsil.tensor.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of one JSON object, read by name and kind; {@link #finish} then refuses those that nobody read. Fields of
 * JSON null count as absent.
 */
public final class Fields {
    private final Path file;
    private final String where;
    private final Json.Obj object;
    private final Set<String> read = new LinkedHashSet<>();

    private Fields(Path file, String where, Json.Obj object) {
        this.file = file;
        this.where = where;
        this.object = object;
    }

    /**
     * The fields of a file's outermost value.
     *
     * @throws BadFileException when that is no object
     */
    public static Fields of(Path file, Json root) {
        if (root instanceof Json.Obj object) {
            return new Fields(file, "", object);
        }
        throw new BadFileException(file, "want a JSON object, got " + root.kind());
    }

    public boolean has(String name) {
        return find(name).isPresent();
    }

    /**
     * A whole number.
     *
     * @throws BadFileException when the field is missing, of another kind or out of range, as for all that follow
     */
    public int whole(String name) {
        long value = wholeLong(name);
        if (value != (int) value) {
            throw wrong(name, "want a whole number below 2^31, got " + value);
        }
        return (int) value;
    }

    public int whole(String name, int otherwise) {
        return has(name) ? whole(name) : otherwise;
    }

    public long wholeLong(String name) {
        return switch (want(name)) {
            case Json.Whole(long value) -> value;
            case Json.Real(double value) when value == Math.rint(value) && Math.abs(value) < 0x1p53 -> (long) value;
            case Json other -> throw wrong(name, "want a whole number, got " + other.kind());
        };
    }

    public double real(String name) {
        return switch (want(name)) {
            case Json.Whole(long value) -> value;
            case Json.Real(double value) -> value;
            case Json other -> throw wrong(name, "want a number, got " + other.kind());
        };
    }

    public double real(String name, double otherwise) {
        return has(name) ? real(name) : otherwise;
    }

    public String text(String name) {
        return switch (want(name)) {
            case Json.Text(var value) -> value;
            case Json other -> throw wrong(name, "want text, got " + other.kind());
        };
    }

    public String text(String name, String otherwise) {
        return has(name) ? text(name) : otherwise;
    }

    public boolean flag(String name) {
        return switch (want(name)) {
            case Json.Flag(boolean value) -> value;
            case Json other -> throw wrong(name, "want true or false, got " + other.kind());
        };
    }

    public boolean flag(String name, boolean otherwise) {
        return has(name) ? flag(name) : otherwise;
    }

    public List<Json> list(String name) {
        return switch (want(name)) {
            case Json.Arr(var items) -> items;
            case Json other -> throw wrong(name, "want a list, got " + other.kind());
        };
    }

    /** A field that is an object itself; it is finished on its own. */
    public Fields in(String name) {
        return switch (want(name)) {
            case Json.Obj inner -> new Fields(file, path(name), inner);
            case Json other -> throw wrong(name, "want an object, got " + other.kind());
        };
    }

    /** The value as it is, whatever its kind; empty when absent. */
    public Optional<Json> find(String name) {
        read.add(name);
        var value = object.fields().get(name);
        return value == null || value instanceof Json.Null ? Optional.empty() : Optional.of(value);
    }

    /** All keys, in the order of the file. */
    public Set<String> names() {
        return object.fields().keySet();
    }

    /** An error about a field that was read but whose value cannot be used. */
    public BadFileException wrong(String name, String what) {
        return new BadFileException(file, path(name), what);
    }

    /**
     * Every field must have been read or be known to change nothing.
     *
     * @param inert keys that are allowed to stand there unread
     * @throws BadFileException that lists all others
     */
    public void finish(Set<String> inert) {
        var unread = new ArrayList<String>();
        for (String name : object.fields().keySet()) {
            if (!read.contains(name) && !inert.contains(name)) {
                unread.add(path(name));
            }
        }
        if (!unread.isEmpty()) {
            throw new BadFileException(
                    file,
                    "Konsil does not know what to do with %s; the model may need a newer version"
                            .formatted(String.join(", ", unread)));
        }
    }

    private Json want(String name) {
        return find(name).orElseThrow(() -> wrong(name, "is missing"));
    }

    private String path(String name) {
        return where.isEmpty() ? name : where + "." + name;
    }
}
