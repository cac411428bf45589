package konsil.cli.tune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import konsil.cli.Command;
import konsil.cli.Exit;
import konsil.cli.Json;
import konsil.cli.Options;
import konsil.cli.Output;
import konsil.kernel.Workers;
import konsil.train.lora.Merging;
import konsil.train.lora.Merging.Direction;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil tune merge}: puts an adapter into the matrices of a published checkpoint, or takes it out again. */
final class MergeCommand implements Command {
    private static final String MODEL = "--model";
    private static final String ADAPTER = "--adapter";
    private static final String OUT = "--out";
    private static final String UNMERGE = "--unmerge";

    @Override
    public CommandSpec spec() {
        return Options.verb(
                        "merge",
                        "Adds an adapter to the matrices of a published checkpoint, or takes it off again, and writes "
                                + "a folder of the same layout. Numbers are rounded to the types of the checkpoint.",
                        "tune merge --model ~/medgemma-1.5-4b-it --adapter run/adapter --out merged",
                        "tune merge --unmerge --model merged --adapter run/adapter --out base")
                .addOption(TuneOptions.required(MODEL, "DIR", "Folder of a model, with safetensors as published."))
                .addOption(TuneOptions.required(ADAPTER, "DIR", "LoRA adapter, as PEFT writes it."))
                .addOption(TuneOptions.required(OUT, "DIR", "A new or empty folder for the result."))
                .addOption(Options.flag(UNMERGE, "Take the adapter off instead."))
                .addOption(Options.json());
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        Path out = arguments.matchedOptionValue(OUT, Path.of(""));
        var direction = arguments.hasMatchedOption(UNMERGE) ? Direction.UNMERGE : Direction.MERGE;
        try (var workers = Workers.forThisMachine()) {
            Path model = arguments.matchedOptionValue(MODEL, Path.of(""));
            Path adapter = arguments.matchedOptionValue(ADAPTER, Path.of(""));
            int matrices = new Merging(model, adapter, workers).write(out, direction);
            if (arguments.hasMatchedOption(Options.JSON)) {
                var fields = new LinkedHashMap<String, Object>();
                fields.put("out", out.toString());
                fields.put("matrices", matrices);
                Json.print(output.out(), fields);
            } else {
                output.out().println("%s: %d matrices changed".formatted(out, matrices));
            }
        }
        return Exit.OK;
    }
}
