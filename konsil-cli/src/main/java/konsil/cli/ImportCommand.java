package konsil.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import konsil.kernel.WeightFormat;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.ImportSettings;
import konsil.tensor.file.Importer;
import konsil.tensor.file.Layout;
import konsil.tensor.file.PackedFile;
import konsil.text.TokenizerFiles;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil import SRC DEST}: packs a published checkpoint once into Konsil's own file. */
final class ImportCommand implements Command {
    private static final String QUANT = "--quant";
    private static final String RULE = "--rule";
    private static final String WITH = "--with";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Options.verb(
                "import",
                "Packs a checkpoint (folder, safetensors or GGUF) into one file that opens at once.",
                "import ~/medgemma-1.5-4b-it medgemma.konsil --quant q8_0",
                "import medgemma-Q4_0.gguf medgemma.konsil --quant q4_0 --with mmproj-F16.gguf",
                "import ~/medgemma-1.5-4b-it medgemma.konsil --quant q4_0 --rule 'vision_tower.*=bf16'");
        spec.addPositional(Options.argument(0, "SRC", Path.class, "Folder or file to read."));
        spec.addPositional(Options.argument(1, "DEST", Path.class, "File to write, usually NAME.konsil."));
        spec.addOption(Options.option(
                QUANT, "FORMAT", String.class, "Number format of the matrices: f32, bf16, q8_0 (the default), q4_0."));
        spec.addOption(Options.list(
                RULE, "GLOB=FORMAT", String.class, "Another format for tensors whose name matches; the first counts."));
        spec.addOption(Options.list(WITH, "FILE", Path.class, "A second file of the same model: a GGUF's mmproj."));
        spec.addOption(Options.json());
        return spec;
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        Path source = arguments.matchedPositionalValue(0, Path.of(""));
        Path target = arguments.matchedPositionalValue(1, Path.of(""));
        List<Path> others = arguments.matchedOptionValue(WITH, List.of());
        var settings = settings(arguments);
        requireReplaceable(target);
        long started = System.nanoTime();
        try (var checkpoint = Checkpoint.open(source, others)) {
            pack(checkpoint, settings, target, output);
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        try (var packed = PackedFile.open(target)) {
            report(packed, seconds, arguments.hasMatchedOption(Options.JSON), output);
        }
        return Exit.OK;
    }

    private static ImportSettings settings(ParseResult arguments) {
        var rules = new ArrayList<ImportSettings.Rule>();
        for (String rule : arguments.matchedOptionValue(RULE, List.<String>of())) {
            int equals = rule.lastIndexOf('=');
            if (equals < 1) {
                throw new BadInputException("%s %s: want GLOB=FORMAT".formatted(RULE, rule));
            }
            rules.add(ImportSettings.Rule.of(rule.substring(0, equals), format(RULE, rule.substring(equals + 1))));
        }
        return new ImportSettings(format(QUANT, arguments.matchedOptionValue(QUANT, "q8_0")), rules);
    }

    private static WeightFormat format(String option, String name) {
        for (var format : WeightFormat.values()) {
            if (format.name().equalsIgnoreCase(name)) return format;
        }
        throw new BadInputException("%s %s: want f32, bf16, q8_0 or q4_0".formatted(option, name));
    }

    /** A packed file may be made anew; anything else that lies there is somebody's. */
    private static void requireReplaceable(Path target) throws IOException {
        if (!Files.isRegularFile(target) || Files.size(target) == 0) return;
        try (var there = Checkpoint.open(target)) {
            if (there instanceof PackedFile) return;
        } catch (BadInputException unreadable) {
            throw new BadInputException(
                    target + ": exists and is no packed Konsil file; give another name or remove it", unreadable);
        }
        throw new BadInputException(target + ": exists and is no packed Konsil file; give another name or remove it");
    }

    private static void pack(Checkpoint checkpoint, ImportSettings settings, Path target, Output output)
            throws IOException {
        try (var bar = new Bar(output)) {
            var importer = new Importer(checkpoint, settings, bar);
            packedTokenizer(checkpoint, output).ifPresent(bytes -> importer.add(TokenizerFiles.PACKED, bytes));
            // Ctrl-C: the process ends only when the unfinished file is gone.
            try (var _ = new Interruption(importer::cancel)) {
                importer.run(target);
            }
        }
    }

    /** The tokenizer in the form that opens at once; nothing for a model without one, or with one of another kind. */
    private static Optional<byte[]> packedTokenizer(Checkpoint checkpoint, Output output) throws IOException {
        if (!TokenizerFiles.among(checkpoint)) {
            return Optional.empty();
        }
        try {
            var tokenizer = TokenizerFiles.of(checkpoint);
            if (!tokenizer.packable()) {
                return Optional.empty();
            }
            var bytes = new ByteArrayOutputStream();
            tokenizer.writePacked(bytes);
            return Optional.of(bytes.toByteArray());
        } catch (BadFileException other) {
            output.err().println("konsil: the tokenizer is kept as it is: " + other.getMessage());
            return Optional.empty();
        }
    }

    /** Begins when the work is known. */
    private static final class Bar implements Importer.Progress, AutoCloseable {
        private final Output output;
        private final List<Progress> started = new ArrayList<>();

        Bar(Output output) {
            this.output = output;
        }

        @Override
        public synchronized void begin(long totalBytes) {
            started.add(output.start("import", totalBytes, Progress.Unit.BYTES));
        }

        @Override
        public synchronized void advance(long bytes) {
            started.forEach(progress -> progress.add(bytes));
        }

        @Override
        public synchronized void close() {
            started.forEach(Progress::close);
        }
    }

    private static void report(PackedFile packed, double seconds, boolean json, Output output) throws IOException {
        long bytes = Files.size(packed.path());
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String name : packed.names()) {
            String kind = packed.info(name).layout() instanceof Layout.Packed layout
                    ? layout.format().name()
                    : "as in the source";
            counts.merge(kind, 1, Integer::sum);
        }
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("file", packed.path().toString());
            result.put("bytes", bytes);
            result.put("seconds", Math.round(seconds * 1000) / 1000.0);
            result.put("tensors", counts);
            result.put("identity", packed.identity());
            Json.print(output.out(), result);
            return;
        }
        output.out().println(String.format(Locale.ROOT, "%s: %s in %.1f s", packed.path(), Sizes.text(bytes), seconds));
        counts.forEach((kind, count) -> output.out().println("  %d tensors %s".formatted(count, kind)));
        output.out().println("  identity " + packed.identity());
    }
}
