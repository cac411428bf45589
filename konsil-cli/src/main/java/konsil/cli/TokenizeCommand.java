package konsil.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.tensor.file.JsonSource;
import konsil.text.Specials;
import konsil.text.Tokenizer;
import konsil.text.TokenizerFiles;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil tokenize}: text to token ids and back, line by line, as a model's own tokenizer does it. */
final class TokenizeCommand implements Command {
    private static final String MODEL = "--model";
    private static final String DECODE = "--decode";
    private static final String TEXT = "text";
    private static final String IDS = "ids";
    private static final Path INPUT = Path.of("standard input");
    private static final JsonLimits LINE = new JsonLimits(64L << 20, 16, 64 << 20, 2_000_000);

    private final InputStream in;

    /** @param in the lines */
    TokenizeCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public CommandSpec spec() {
        var model = Options.option(
                        MODEL, "MODEL", Path.class, "Folder of a model, tokenizer.json, tokenizer.model or GGUF file.")
                .toBuilder()
                .required(true)
                .build();
        return Options.verb(
                        "tokenize",
                        "Reads lines of JSON from standard input, {\"text\": ...} or {\"ids\": [...]}, and writes each "
                                + "with what it lacks. Adds no special tokens; other fields stay as they are.",
                        "tokenize --model medgemma-1.5-4b-it",
                        "tokenize --model tokenizer.json --decode")
                .addOption(model)
                .addOption(Options.flag(DECODE, "Make text of ids, also in lines that have text already."));
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        Tokenizer tokenizer = TokenizerFiles.open(arguments.matchedOptionValue(MODEL, Path.of("")));
        boolean decode = arguments.hasMatchedOption(DECODE);
        var lines = new BufferedInputStream(in);
        var bytes = new ByteArrayOutputStream();
        PrintStream out = output.out();
        for (long number = 1; readLine(lines, bytes, number); number++) {
            if (!bytes.toString(StandardCharsets.UTF_8).isBlank()) {
                out.println(completed(tokenizer, parse(bytes, number), decode, number)
                        .write());
            }
        }
        return Exit.OK;
    }

    /** @return false at the end of the input */
    private static boolean readLine(InputStream from, ByteArrayOutputStream to, long number) throws IOException {
        to.reset();
        int next = from.read();
        boolean some = next >= 0;
        while (next >= 0 && next != '\n') {
            if (to.size() == LINE.bytes()) {
                throw bad(number, "is longer than %d bytes".formatted(LINE.bytes()));
            }
            to.write(next);
            next = from.read();
        }
        return some;
    }

    private static Json.Obj parse(ByteArrayOutputStream line, long number) {
        try (var source = JsonSource.of(ByteBuffer.wrap(line.toByteArray()), INPUT, LINE)) {
            Json value = source.value();
            source.end();
            if (value instanceof Json.Obj object) return object;
            throw bad(number, "want an object, got " + value.kind());
        } catch (BadFileException wrong) {
            String what = wrong.getMessage().substring(INPUT.toString().length() + 2);
            throw bad(number, what.replace("(line 1, column", "(column"));
        }
    }

    private static Json completed(Tokenizer tokenizer, Json.Obj line, boolean decode, long number) {
        var fields = new LinkedHashMap<>(line.fields());
        if (decode || !fields.containsKey(TEXT)) {
            if (!fields.containsKey(IDS)) {
                throw bad(number, decode ? "want ids" : "want text or ids");
            }
            fields.put(TEXT, new Json.Text(tokenizer.decode(ids(tokenizer, fields.get(IDS), number), Specials.KEEP)));
        } else if (fields.get(TEXT) instanceof Json.Text(var words)) {
            List<Json> ids = new ArrayList<>();
            for (int id : tokenizer.encode(words)) ids.add(new Json.Whole(id));
            fields.put(IDS, new Json.Arr(ids));
        } else {
            throw bad(number, "text: want text, got " + fields.get(TEXT).kind());
        }
        return new Json.Obj(fields);
    }

    private static int[] ids(Tokenizer tokenizer, Json value, long number) {
        if (!(value instanceof Json.Arr(var items))) throw bad(number, "ids: want a list, got " + value.kind());
        int[] ids = new int[items.size()];
        for (int i = 0; i < ids.length; i++) {
            if (!(items.get(i) instanceof Json.Whole(long id)) || id < 0 || id >= tokenizer.size()) {
                throw bad(number, "ids[%d]: want a whole number of 0..%d".formatted(i, tokenizer.size() - 1));
            }
            ids[i] = (int) id;
        }
        return ids;
    }

    private static BadInputException bad(long number, String what) {
        return new BadInputException("%s, line %d: %s".formatted(INPUT, number, what));
    }
}
