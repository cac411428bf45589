package konsil.tensor.file;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Consumer;

/** Writes a {@link Json} tree as text. */
final class JsonWriter {
    private final StringBuilder out = new StringBuilder();
    private final boolean indented;
    private final ArrayDeque<String> margins = new ArrayDeque<>();

    private JsonWriter(boolean indented) {
        this.indented = indented;
        margins.push("\n");
    }

    static String write(Json value, boolean indented) {
        var writer = new JsonWriter(indented);
        writer.value(value);
        return writer.out.toString();
    }

    private void value(Json value) {
        switch (value) {
            case Json.Obj(var fields) ->
                items('{', '}', fields.entrySet().iterator(), field -> {
                    text(field.getKey());
                    out.append(indented ? ": " : ":");
                    value(field.getValue());
                });
            case Json.Arr(var items) -> items('[', ']', items.iterator(), this::value);
            case Json.Text(var text) -> text(text);
            case Json.Whole(long number) -> out.append(number);
            case Json.Real(double number) -> out.append(number);
            case Json.Flag(boolean flag) -> out.append(flag);
            case Json.Null _ -> out.append("null");
        }
    }

    private <T> void items(char open, char close, Iterator<T> items, Consumer<T> write) {
        out.append(open);
        if (items.hasNext()) {
            margins.push(margins.peek() + "  ");
            String separator = "";
            while (items.hasNext()) {
                out.append(separator).append(indented ? margins.peek() : "");
                write.accept(items.next());
                separator = ",";
            }
            margins.pop();
            out.append(indented ? margins.peek() : "");
        }
        out.append(close);
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> character(text, i, c);
            }
        }
        out.append('"');
    }

    /** Control characters, line separators and lone surrogates cannot or should not stand in UTF-8 text as they are. */
    private void character(String text, int at, char c) {
        boolean special = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
        if (special || loneSurrogate(text, at)) {
            out.append("\\u%04x".formatted((int) c));
        } else {
            out.append(c);
        }
    }

    private static boolean loneSurrogate(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
