package konsil.eval.golden;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;

/** Reads cases.json and tokenizer_cases.json, which the scripts that write golden directories leave there. */
final class CasesFile {
    static final String NAME = "cases.json";
    static final String TOKENIZER = "tokenizer_cases.json";

    /** A thousand prompts as long as the context of Gemma 3. */
    static final JsonLimits LIMITS = new JsonLimits(256L << 20, 16, 16 << 20, 20_000_000);

    /** A text and the ids that the reference's tokenizer makes of it, without any that it adds. */
    record TokenizerCase(String text, int[] ids) {}

    private CasesFile() {}

    /**
     * The cases.
     *
     * @param file for errors
     * @throws BadFileException when it is no list of cases with names of their own, or a name could lead out of the
     *     folder
     */
    static List<GoldenCase> cases(Json root, Path file) {
        var names = new HashSet<String>();
        var cases = new ArrayList<GoldenCase>();
        for (var item : items(root, file)) {
            var fields = Fields.of(file, item);
            String name = plainName(fields, "name", fields.text("name"));
            if (!names.add(name)) {
                throw fields.wrong("name", "two cases have the same");
            }
            Optional<String> prompt = fields.has("prompt") ? Optional.of(fields.text("prompt")) : Optional.empty();
            int[] ids = ids(fields, "input_ids", fields.list("input_ids"));
            if (ids.length == 0) {
                throw fields.wrong("input_ids", "want at least one");
            }
            cases.add(new GoldenCase(name, prompt, ids, images(fields), optionalIds(fields, "greedy")));
        }
        if (cases.isEmpty()) {
            throw new BadFileException(file, "holds no case");
        }
        return cases;
    }

    /** The texts of tokenizer_cases.json. @throws BadFileException when it is no list of texts with ids */
    static List<TokenizerCase> tokenizerCases(Json root, Path file) {
        return items(root, file).stream()
                .map(item -> Fields.of(file, item))
                .map(fields -> new TokenizerCase(fields.text("text"), ids(fields, "ids", fields.list("ids"))))
                .toList();
    }

    static List<Json> items(Json root, Path file) {
        if (root instanceof Json.Arr(var items)) {
            return items;
        }
        throw new BadFileException(file, "want a list of cases, got " + root.kind());
    }

    private static List<String> images(Fields fields) {
        if (!fields.has("images")) {
            return List.of();
        }
        var images = new ArrayList<String>();
        for (var item : fields.list("images")) {
            if (!(item instanceof Json.Text(var name))) {
                throw fields.wrong("images", "want names, got " + item.kind());
            }
            images.add(plainName(fields, "images", name));
        }
        return images;
    }

    /** A name that becomes part of a path. */
    static String plainName(Fields fields, String field, String name) {
        boolean plain = !name.isEmpty()
                && name.length() <= 200
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))
                && !name.equals(".")
                && !name.equals("..");
        if (!plain) {
            throw fields.wrong(field, "want a plain file name of at most 200 characters");
        }
        return name;
    }

    private static int[] optionalIds(Fields fields, String name) {
        return fields.has(name) ? ids(fields, name, fields.list(name)) : new int[0];
    }

    static int[] ids(Fields fields, String name, List<Json> items) {
        var ids = new int[items.size()];
        for (int i = 0; i < ids.length; i++) {
            if (!(items.get(i) instanceof Json.Whole(long id)) || id < 0 || id > Integer.MAX_VALUE) {
                throw fields.wrong(name, "want token ids");
            }
            ids[i] = (int) id;
        }
        return ids;
    }
}
