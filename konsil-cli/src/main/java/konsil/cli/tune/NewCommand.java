package konsil.cli.tune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import konsil.cli.Command;
import konsil.cli.Exit;
import konsil.cli.Json;
import konsil.cli.Options;
import konsil.cli.Output;
import konsil.tensor.BadInputException;
import konsil.tensor.file.FileType;
import konsil.train.start.NewModel;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil tune new}: a model with random weights, to be trained from nothing. */
final class NewCommand implements Command {
    private static final String SETTINGS = "--settings";
    private static final String OUT = "--out";
    private static final String SEED = "--seed";
    private static final String TYPE = "--type";

    @Override
    public CommandSpec spec() {
        return Options.verb(
                        "new",
                        "Writes a model with random weights: config.json and the other settings of a folder, and a "
                                + "model.safetensors to go with them. For small models of one's own, to be trained "
                                + "with tune sft --full or tune asr.",
                        "tune new --settings small --seed 1 --out begun",
                        "tune sft --model begun --preset scratch --data train.jsonl --out run")
                .addOption(TuneOptions.required(
                        SETTINGS, "DIR", "Folder with config.json, tokenizer.json, preprocessor_config.json."))
                .addOption(TuneOptions.required(OUT, "DIR", "A new or empty folder for the model."))
                .addOption(Options.option(SEED, "N", Long.class, "Of the weights; 0."))
                .addOption(Options.option(TYPE, "TYPE", String.class, "How numbers are stored: bf16 (default) or f32."))
                .addOption(Options.json());
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        Path settings = arguments.matchedOptionValue(SETTINGS, Path.of(""));
        Path out = arguments.matchedOptionValue(OUT, Path.of(""));
        long seed = arguments.matchedOptionValue(SEED, 0L);
        var type = type(arguments.matchedOptionValue(TYPE, "bf16"));
        long numbers = NewModel.write(settings, seed, type, out);
        if (arguments.hasMatchedOption(Options.JSON)) {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("out", out.toString());
            fields.put("numbers", numbers);
            Json.print(output.out(), fields);
        } else {
            output.out().println("%s: a network of %,d numbers that knows nothing yet".formatted(out, numbers));
        }
        return Exit.OK;
    }

    private static FileType type(String name) {
        return switch (name) {
            case "bf16" -> FileType.BF16;
            case "f32" -> FileType.F32;
            default ->
                throw new BadInputException("%s: want one of %s, got %s".formatted(TYPE, List.of("bf16", "f32"), name));
        };
    }
}
