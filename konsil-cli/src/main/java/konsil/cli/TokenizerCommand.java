package konsil.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.tensor.BadInputException;
import konsil.text.Specials;
import konsil.text.Tokenizer;
import konsil.text.TokenizerFiles;
import konsil.train.tokenizer.TrainedTokenizer;
import konsil.train.tokenizer.TrainingSettings;
import konsil.train.tokenizer.TrainingTexts;
import konsil.train.tokenizer.Words;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil tokenizer train}: a tokenizer from texts, in the files that a model is published with. */
final class TokenizerCommand implements Command {
    private static final String TRAIN = "train";
    private static final String KIND = "--kind";
    private static final String SIZE = "--size";
    private static final String OUT = "--out";
    private static final String KEEP = "--keep";
    private static final String LONGEST = "--longest";
    private static final String COVERAGE = "--coverage";
    private static final String GEMMA = "gemma";
    private static final String MEDASR = "medasr";
    private static final int USUAL_SIZE = 1024;

    @Override
    public CommandSpec spec() {
        var files = PositionalParamSpec.builder()
                .index("1..*")
                .paramLabel("TEXTS")
                .type(List.class)
                .auxiliaryTypes(Path.class)
                .arity("1..*")
                .required(true)
                .description("Text files, a text a line, or .jsonl with \"text\" or \"messages\" in each line.")
                .build();
        return Options.verb(
                        "tokenizer",
                        "Trains a tokenizer on texts and writes tokenizer.json and tokenizer_config.json. The same texts "
                                + "give the same files.",
                        "tokenizer train --kind gemma --size 1024 --out pocket texts.jsonl reports.txt",
                        "tokenizer train --kind medasr --size 256 --keep \"{period}\" --out pocket dictations.txt")
                .addPositional(Options.argument(0, "WHAT", String.class, "What to do: train."))
                .addPositional(files)
                .addOption(Options.option(
                        KIND, "KIND", String.class, "gemma (byte-pair encoding, the default) or medasr (Unigram)."))
                .addOption(Options.option(SIZE, "TOKENS", Integer.class, "Tokens in all, special ones included; 1024."))
                .addOption(
                        Options.option(OUT, "DIR", Path.class, "Folder to write to; made if it is not there.")
                                .toBuilder()
                                .required(true)
                                .build())
                .addOption(
                        Options.list(KEEP, "WORD", String.class, "A word that is to be one token, such as {period}."))
                .addOption(Options.option(LONGEST, "CHARACTERS", Integer.class, "Characters of the longest token; 16."))
                .addOption(
                        Options.option(COVERAGE, "SHARE", Double.class, "Share of characters that become tokens; 1."))
                .addOption(Options.json());
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        String what = arguments.matchedPositionalValue(0, "");
        if (!what.equals(TRAIN)) throw new BadInputException("tokenizer: want train, got " + what);
        String kind = arguments.matchedOptionValue(KIND, GEMMA);
        if (!List.of(GEMMA, MEDASR).contains(kind)) {
            throw new BadInputException("%s: want %s or %s, got %s".formatted(KIND, GEMMA, MEDASR, kind));
        }
        var settings = settings(arguments);
        var words = new Words(kind.equals(GEMMA) ? Words.Cutting.SPACES : Words.Cutting.WHITE_SPACE);
        long texts = 0;
        for (Path file : arguments.matchedPositionalValue(1, List.<Path>of())) {
            texts += TrainingTexts.read(file, words::add);
        }
        var trained =
                kind.equals(GEMMA) ? TrainedTokenizer.gemma(words, settings) : TrainedTokenizer.medAsr(words, settings);
        Path folder = arguments.matchedOptionValue(OUT, Path.of(""));
        write(trained, folder);
        report(new Trained(trained, words, texts, folder), arguments.hasMatchedOption(Options.JSON), output);
        return Exit.OK;
    }

    private record Trained(TrainedTokenizer tokenizer, Words words, long texts, Path folder) {}

    private static TrainingSettings settings(ParseResult arguments) {
        var usual = TrainingSettings.of(arguments.matchedOptionValue(SIZE, USUAL_SIZE));
        return new TrainingSettings(
                usual.size(),
                arguments.matchedOptionValue(LONGEST, usual.longest()),
                arguments.matchedOptionValue(COVERAGE, usual.coverage()),
                arguments.matchedOptionValue(KEEP, List.of()));
    }

    private static void write(TrainedTokenizer trained, Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new BadInputException("%s: want a folder, this is a file".formatted(folder));
        }
        Files.createDirectories(folder);
        TextFile.write(
                folder.resolve("tokenizer_config.json"), trained.settings().writeIndented() + "\n");
        TextFile.write(folder.resolve("tokenizer.json"), trained.tokenizer().writeIndented() + "\n");
    }

    /** What was written is opened again, so that the figures are those of the file. */
    private static void report(Trained trained, boolean asJson, Output output) throws IOException {
        Tokenizer tokenizer = TokenizerFiles.open(trained.folder.resolve("tokenizer.json"));
        long tokens = 0;
        long characters = 0;
        long lost = 0;
        for (var word : trained.words.counts().entrySet()) {
            String text = word.getKey().replace(Tokenizer.SPACE_MARK, ' ');
            int[] ids = tokenizer.encode(text);
            tokens += ids.length * word.getValue();
            characters += word.getKey().length() * word.getValue();
            String back = tokenizer.decode(ids, Specials.KEEP);
            if (!back.strip().equals(text.strip())) lost += word.getValue();
        }
        int filled = trained.tokenizer.filled();
        double each = tokens == 0 ? 0 : (double) characters / tokens;
        if (asJson) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("texts", trained.texts);
            figures.put("tokens", tokenizer.size());
            figures.put("unused", filled);
            figures.put("charactersPerToken", each);
            figures.put("wordsLost", lost);
            Json.print(output.out(), figures);
            return;
        }
        output.out()
                .printf(
                        "%s: %d tokens from %d texts; %.2f characters a token%n",
                        trained.folder.resolve("tokenizer.json"), tokenizer.size(), trained.texts, each);
        if (filled > 0) {
            output.out().printf("%d of them are unused: the texts have no more pieces that occur twice%n", filled);
        }
        if (lost > 0)
            output.out()
                    .printf(
                            "%d words do not come back: they hold special tokens, or characters that are no token%n",
                            lost);
    }
}
