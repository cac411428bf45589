package konsil.eval.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import konsil.eval.golden.Comparison.Outcome;
import konsil.kernel.Kernels;
import konsil.kernel.Workers;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.MedGemma;
import konsil.medgemma.MedGemmaConfig;
import konsil.medgemma.Runner;
import konsil.tensor.file.Checkpoint;

/**
 * Holds a Gemma 3 against a golden directory: texts to ids, pictures to pixels, images to soft tokens, prompts to
 * logits and words. Each stage is given what the reference gave it, so that a mistake shows where it is made.
 */
public final class GemmaVerifier {
    private final GemmaGolden golden;
    private final VerifySettings settings;
    private final VerifyListener listener;
    private final Judge judge;

    /** What computes. */
    public record Engine(Kernels kernels, Workers workers) {}

    public GemmaVerifier(GemmaGolden golden, VerifySettings settings, VerifyListener listener) {
        this.golden = golden;
        this.settings = settings;
        this.listener = listener;
        this.judge = new Judge(settings.exact());
    }

    /** What is known before the weights are loaded. */
    private record Door(Checkpoint files, MedGemmaConfig config, String fileType, Optional<PixelStage> pixels) {}

    /**
     * Runs everything.
     *
     * @throws konsil.tensor.file.BadFileException when the model or the golden directory cannot be read, or nothing in
     *     one can be compared with the other
     * @throws IOException when the disk fails
     */
    public GoldenReport run(Engine engine) throws IOException {
        try (var files = Checkpoint.open(settings.paths())) {
            var config = MedGemmaConfig.of(files);
            Optional<PixelStage> pixels = config.images().isPresent()
                    ? Optional.of(new PixelStage(golden, config.images().get(), files))
                    : Optional.empty();
            var door = new Door(files, config, WeightsType.of(files), pixels);
            golden.requireType(WeightsType.computed(door.fileType, settings.format()));
            var before = before(door);
            try (var model = load(engine)) {
                return after(model, door, before);
            }
        }
    }

    private MedGemma load(Engine engine) throws IOException {
        var begun = new boolean[1];
        var options = LoadOptions.of(settings.format()).withProgress((done, total) -> {
            if (!begun[0]) {
                listener.begin("load", total);
                begun[0] = true;
            }
            listener.advance();
        });
        return MedGemma.load(settings.paths(), engine.kernels(), engine.workers(), options);
    }

    /** Ids and pixels of each case, and of what belongs to no case. */
    private Map<String, List<Comparison>> before(Door door) throws IOException {
        var tokenizer = TokenizerStage.of(door.files, golden.folder(), door.config.images());
        var before = new LinkedHashMap<String, List<Comparison>>();
        listener.begin("inputs", golden.cases().size());
        for (var c : golden.cases()) {
            before.put(c.name(), List.of(tokenizer.compare(c), pixels(door, c.images())));
            listener.advance();
        }
        var texts = golden.tokenizerCases();
        if (!texts.isEmpty()) {
            before.put("(tokenizer cases)", List.of(tokenizer.compare(texts)));
        }
        var used = golden.cases().stream()
                .map(GoldenCase::images)
                .flatMap(Collection::stream)
                .toList();
        var others =
                golden.images().stream().filter(image -> !used.contains(image)).toList();
        if (!others.isEmpty() && door.pixels.isPresent()) {
            var skipped = Comparison.skipped(GemmaStages.IDS, "no text");
            before.put("(other images)", List.of(skipped, pixels(door, others)));
        }
        return before;
    }

    private static Comparison pixels(Door door, List<String> images) throws IOException {
        return door.pixels.isEmpty()
                ? Comparison.skipped(GemmaStages.PIXELS, "the model takes no images")
                : door.pixels.get().compare(images);
    }

    private GoldenReport after(MedGemma model, Door door, Map<String, List<Comparison>> before) throws IOException {
        var notes = new ArrayList<String>();
        var runnables = runnables(door, notes);
        var images = new HashMap<String, List<Comparison>>();
        try (var runner = new Runner(model, settings.memoryLimit())) {
            var stages = door.pixels.map(pixels -> new ImageStages(runner, pixels, judge));
            listener.begin("images", runnables.size());
            for (var r : runnables) {
                boolean any = stages.isPresent() && !r.golden().images().isEmpty();
                images.put(r.golden().name(), any ? stages.get().compare(r.golden(), r.values()) : noImages());
                listener.advance();
            }
            var textRuns = new TextRuns(model, settings, judge, listener);
            var text = textRuns.best(softTokens(runnables, stages), wanted(door), notes);
            return report(door, text, new Inputs(before, images), notes);
        }
    }

    private static List<ReadyCase> softTokens(List<ReadyCase> cases, Optional<ImageStages> stages) throws IOException {
        var ready = new ArrayList<ReadyCase>();
        for (var r : cases) {
            ready.add(
                    r.golden().images().isEmpty()
                            ? r
                            : r.with(stages.orElseThrow().images(r.golden())));
        }
        return ready;
    }

    /** The mean cosine to reach; none in exact mode, nor where the golden values are of other weights. */
    private Optional<Double> wanted(Door door) {
        boolean same = golden.quantised() || WeightsType.kept(door.fileType, settings.format());
        return settings.exact() || !same
                ? Optional.empty()
                : Optional.of(WeightsType.bound(door.fileType, settings.format()));
    }

    private static List<Comparison> noImages() {
        return List.of(
                Comparison.skipped(GemmaStages.VISION, "no images"),
                Comparison.skipped(GemmaStages.FEATURES, "no images"));
    }

    /** The cases whose images this model can be given; says which are left out, and what is never looked at. */
    private List<ReadyCase> runnables(Door door, List<String> notes) throws IOException {
        var runnables = new ArrayList<ReadyCase>();
        for (var c : golden.cases()) {
            var values = golden.values(c, WeightsType.computed(door.fileType, settings.format()));
            var unknown = values.unknown(GemmaStages.TENSORS);
            if (!unknown.isEmpty()) {
                notes.add("case %s: not compared, since unknown: %s".formatted(c.name(), String.join(", ", unknown)));
            }
            boolean takes = c.images().isEmpty() || door.pixels.isPresent();
            boolean there = takes && pixelsThere(door, c);
            if (there) {
                runnables.add(new ReadyCase(c, values, List.of(), !golden.quantised()));
            } else {
                notes.add("case %s: not run, %s"
                        .formatted(
                                c.name(),
                                takes ? "its pixels are not in the golden directory" : "the model takes no images"));
            }
        }
        return runnables;
    }

    private static boolean pixelsThere(Door door, GoldenCase c) throws IOException {
        for (String image : c.images()) {
            if (door.pixels.orElseThrow().pixels(image).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Comparisons of each case by its name, of what comes before the decoder. */
    private record Inputs(Map<String, List<Comparison>> before, Map<String, List<Comparison>> images) {}

    private GoldenReport report(Door door, TextRuns.Run text, Inputs inputs, List<String> notes) {
        var cases = new ArrayList<CaseReport>();
        inputs.before.forEach((name, comparisons) -> {
            var all = new ArrayList<>(comparisons);
            all.addAll(inputs.images.getOrDefault(name, List.of()));
            text.cases().stream().filter(c -> c.name().equals(name)).forEach(c -> all.addAll(c.comparisons()));
            cases.add(new CaseReport(name, all));
        });
        boolean anything = cases.stream()
                .flatMap(c -> c.comparisons().stream())
                .anyMatch(c -> c.outcome() != Outcome.SKIPPED && GemmaStages.TENSORS.contains(c.stage()));
        if (!anything) {
            throw GemmaGolden.empty(golden.folder());
        }
        if (!settings.exact() && text.bound().isEmpty()) {
            notes.add("the golden values are of other weights than these: distances are shown, not judged");
        }
        return new GoldenReport(
                facts(door, text.rounding()), cases, text.bound().stream().toList(), notes);
    }

    private SequencedMap<String, String> facts(Door door, Rounding rounding) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("layout", golden.name());
        facts.put("weights", door.fileType);
        facts.put("format", settings.format().name().toLowerCase(Locale.ROOT));
        facts.put("angles", rounding.anglesText());
        facts.put("embedding_factor", rounding.factorText());
        return facts;
    }
}
