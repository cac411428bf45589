package konsil.cli;

import java.io.PrintStream;
import java.io.StringWriter;
import java.util.Collection;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** Plain values as JSON text: maps (in their own order), collections, strings, numbers, booleans and enums. */
public final class Json {
    private Json() {}

    /** Prints one value, indented, with a line end. */
    public static void print(PrintStream out, Object value) {
        out.println(indented(value));
    }

    /** @throws IllegalArgumentException for a value of any other kind, or a NaN, which JSON cannot say */
    static String indented(Object value) {
        var text = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(new Indented(), text)) {
            write(generator, value);
        }
        return text.toString();
    }

    /** One value on one line, as {@link #indented} otherwise. */
    static String line(Object value) {
        var text = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            write(generator, value);
        }
        return text.toString();
    }

    /** A string with its quotes and escapes. */
    static String text(String value) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsCharArray(value)) + '"';
    }

    private static void write(JsonGenerator to, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                to.writeStartObject();
                for (var entry : map.entrySet()) {
                    to.writeName(entry.getKey().toString());
                    write(to, entry.getValue());
                }
                to.writeEndObject();
            }
            case Collection<?> list -> {
                to.writeStartArray();
                for (Object element : list) write(to, element);
                to.writeEndArray();
            }
            case String words -> to.writeString(words);
            case Enum<?> name -> to.writeString(name.name());
            case Boolean truth -> to.writeBoolean(truth);
            case Integer number -> to.writeNumber(number);
            case Long number -> to.writeNumber(number);
            case Double number when Double.isFinite(number) -> to.writeNumber(number);
            default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
    }

    private static final class Indented extends ObjectWriteContext.Base {
        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }

        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
        }
    }
}
