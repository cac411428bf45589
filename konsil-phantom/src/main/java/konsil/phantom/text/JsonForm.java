package konsil.phantom.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import konsil.tensor.file.Json;

/** Plain values as JSON. */
public final class JsonForm {
    private JsonForm() {}

    /** An object of keys, each with its value behind it; what is null is left out. */
    public static Json.Obj object(Object... keysAndValues) {
        SequencedMap<String, Json> fields = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (keysAndValues[i + 1] != null) fields.put((String) keysAndValues[i], of(keysAndValues[i + 1]));
        }
        return new Json.Obj(fields);
    }

    private static Json of(Object value) {
        return switch (value) {
            case Json json -> json;
            case String text -> new Json.Text(text);
            case Boolean flag -> new Json.Flag(flag);
            case Integer number -> new Json.Whole(number);
            case Long number -> new Json.Whole(number);
            case List<?> items -> new Json.Arr(items.stream().map(JsonForm::of).toList());
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        };
    }

    /** A list. */
    public static Json array(List<?> items) {
        return of(items);
    }

    /** A question about a text, or about a picture, and its answer, in the chat layout of Hugging Face. */
    public static Json messages(List<Json> asked, String answer) {
        var user = object("role", "user", "content", asked);
        var model = object("role", "assistant", "content", List.of(words(answer)));
        return of(List.of(user, model));
    }

    /** A piece of a message that is text. */
    public static Json words(String text) {
        return object("type", "text", "text", text);
    }

    /** A piece of a message that is a picture. @param path relative to the file that it stands in */
    public static Json picture(String path) {
        return object("type", "image", "image", path);
    }

    /** A piece of a message that is a study: folder, DICOM or NIfTI file, slide. @param path relative to the file */
    public static Json study(String path) {
        return object("type", "study", "study", path);
    }
}
