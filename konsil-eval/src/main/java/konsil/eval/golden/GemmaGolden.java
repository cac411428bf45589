package konsil.eval.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Json;

/**
 * A golden directory of the Gemma 3 family. Beside cases.json lie either {@code cases/NAME.safetensors}, the values of
 * the checkpoint as it was published, or {@code expected.safetensors}, with those of its quantised forms under {@code
 * TYPE.NAME.STAGE}. Pixels are in {@code cases/pixels.safetensors} or {@code pixels.safetensors}, the pictures that
 * they were made of in {@code images/}.
 */
public final class GemmaGolden implements GoldenLayout {
    private static final String EXPECTED = "expected.safetensors";
    private static final String SUFFIX = ".safetensors";

    private final Path folder;
    private final List<GoldenCase> cases;
    private final Optional<Checkpoint> expected;
    private final Optional<Checkpoint> pixels;

    private GemmaGolden(
            Path folder, List<GoldenCase> cases, Optional<Checkpoint> expected, Optional<Checkpoint> pixels) {
        this.folder = folder;
        this.cases = cases;
        this.expected = expected;
        this.pixels = pixels;
    }

    static GemmaGolden open(Path folder) throws IOException {
        Path file = folder.resolve(CasesFile.NAME);
        var cases = CasesFile.cases(Json.read(file, CasesFile.LIMITS), file);
        var expected = optional(folder.resolve(EXPECTED));
        try {
            var pixels = optional(folder.resolve("cases/pixels.safetensors"));
            pixels = pixels.isPresent() ? pixels : optional(folder.resolve("pixels.safetensors"));
            return new GemmaGolden(folder, cases, expected, pixels);
        } catch (IOException | RuntimeException e) {
            expected.ifPresent(Checkpoint::close);
            throw e;
        }
    }

    private static Optional<Checkpoint> optional(Path file) throws IOException {
        return Files.isRegularFile(file) ? Optional.of(Checkpoint.open(file)) : Optional.empty();
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public String name() {
        return quantised() ? "gguf" : "gemma3";
    }

    /** Whether it holds values for several types of weights, and not for those of one checkpoint. */
    boolean quantised() {
        return expected.isPresent();
    }

    List<GoldenCase> cases() {
        return cases;
    }

    /** The types of weights that it has values for; empty when it is not {@link #quantised}. */
    SequencedSet<String> types() {
        var types = new TreeSet<String>();
        expected.ifPresent(file -> file.names().stream()
                .filter(name -> name.indexOf('.') > 0)
                .forEach(name -> types.add(name.substring(0, name.indexOf('.')))));
        return types;
    }

    /**
     * The values of a case.
     *
     * @param type one of {@link #types}; of no meaning when there are none
     */
    GoldenValues values(GoldenCase c, String type) throws IOException {
        if (expected.isPresent()) {
            return values(expected.get(), "%s.%s.".formatted(type, c.name()));
        }
        Path file = folder.resolve("cases").resolve(c.name() + SUFFIX);
        if (!Files.isRegularFile(file)) {
            return new GoldenValues(new LinkedHashMap<>());
        }
        try (var values = Checkpoint.open(file)) {
            return values(values, "");
        }
    }

    private static GoldenValues values(Checkpoint file, String prefix) {
        var stages = new LinkedHashMap<String, float[]>();
        for (String name : file.names()) {
            if (name.startsWith(prefix)) {
                stages.put(name.substring(prefix.length()), file.f32(name));
            }
        }
        return new GoldenValues(stages);
    }

    /** Names of all images whose pixels are here. */
    List<String> images() {
        return pixels.map(file -> List.copyOf(file.names())).orElse(List.of());
    }

    /** (3, height, width) of an image. */
    Optional<float[]> pixels(String image) {
        return pixels.filter(file -> file.names().contains(image)).map(file -> file.f32(image));
    }

    /** The file that an image was made of. */
    Optional<Path> picture(String image) {
        for (Path at : List.of(folder.resolve("images"), folder, folder.resolve("cases"))) {
            if (Files.isRegularFile(at.resolve(image))) {
                return Optional.of(at.resolve(image));
            }
        }
        return Optional.empty();
    }

    /** Texts for the tokenizer alone; none when there is no such file. */
    List<CasesFile.TokenizerCase> tokenizerCases() throws IOException {
        Path file = folder.resolve(CasesFile.TOKENIZER);
        return Files.isRegularFile(file)
                ? CasesFile.tokenizerCases(Json.read(file, CasesFile.LIMITS), file)
                : List.of();
    }

    /** @throws BadFileException when it has no values for this type of weights */
    void requireType(String type) {
        if (quantised() && !types().contains(type)) {
            throw new BadFileException(
                    folder.resolve(EXPECTED),
                    "holds values for weights in %s; those of the model are in %s"
                            .formatted(String.join(", ", types()), type));
        }
    }

    @Override
    public void close() {
        expected.ifPresent(Checkpoint::close);
        pixels.ifPresent(Checkpoint::close);
    }

    /** Nothing that could be compared is no pass. */
    static BadInputException empty(Path folder) {
        return new BadFileException(folder, "holds no values of any case that can be compared with this model");
    }
}
