package konsil.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileHash;
import konsil.tensor.file.ImportSettings;
import konsil.tensor.file.PackedFile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil inspect PATH}: what is in a checkpoint of any format. */
final class InspectCommand implements Command {
    private static final String VERIFY = "--verify";
    private static final String TENSORS = "--tensors";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Options.verb(
                "inspect",
                "Shows tensors, metadata and hashes of a safetensors, GGUF or packed file, or a model folder.",
                "inspect ~/medgemma-1.5-4b-it",
                "inspect medgemma.konsil --verify",
                "inspect medgemma-Q4_0.gguf --tensors 'blk.0.*' --json");
        spec.addPositional(Options.argument(0, "PATH", Path.class, "File or folder to look at."));
        spec.addOption(Options.option(TENSORS, "GLOB", String.class, "Only tensors whose name matches."));
        spec.addOption(Options.flag(
                VERIFY, "Read every byte: check the hashes of a packed file, compute those of another's files."));
        spec.addOption(Options.json());
        return spec;
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        Path path = arguments.matchedPositionalValue(0, Path.of(""));
        var names = ImportSettings.globPattern(arguments.matchedOptionValue(TENSORS, "*"));
        try (var checkpoint = Checkpoint.open(path)) {
            List<String> shown = checkpoint.names().stream()
                    .filter(name -> names.matcher(name).matches())
                    .toList();
            var result = new LinkedHashMap<String, Object>();
            Exit exit = Exit.OK;
            if (arguments.hasMatchedOption(VERIFY)) exit = verify(checkpoint, result, output);
            if (arguments.hasMatchedOption(Options.JSON)) {
                var all = new Inspection(checkpoint, shown).asJson();
                all.putAll(result);
                Json.print(output.out(), all);
            } else {
                new Inspection(checkpoint, shown).print(output.out());
                result.forEach((what, said) -> output.out().println(what + ": " + said));
            }
            return exit;
        }
    }

    /** Says of a packed file whether it is whole, and of others what their files hash to. */
    private static Exit verify(Checkpoint checkpoint, Map<String, Object> result, Output output) throws IOException {
        var packed = new ArrayList<PackedFile>();
        var hashes = new LinkedHashMap<String, Object>();
        for (Path file : checkpoint.tensorFiles()) {
            if (checkpoint.format().startsWith("konsil")) {
                packed.add(PackedFile.open(file));
                continue;
            }
            try (var progress = output.start("hash", Files.size(file), Progress.Unit.BYTES)) {
                hashes.put(String.valueOf(file.getFileName()), FileHash.sha256(file, progress::add));
            }
        }
        if (!hashes.isEmpty()) result.put("sha256", hashes);
        return packed.isEmpty() ? Exit.OK : verifyPacked(packed, result, output);
    }

    private static Exit verifyPacked(List<PackedFile> files, Map<String, Object> result, Output output)
            throws IOException {
        Exit exit = Exit.OK;
        for (var file : files) {
            try (file;
                    var progress = output.start("verify", Files.size(file.path()), Progress.Unit.BYTES)) {
                var done = new long[1];
                file.verify(at -> {
                    progress.add(at - done[0]);
                    done[0] = at;
                });
                result.put("verified", true);
            } catch (BadFileException damaged) {
                result.put("verified", false);
                result.put("damage", damaged.getMessage());
                exit = Exit.NEGATIVE;
            }
        }
        return exit;
    }
}
