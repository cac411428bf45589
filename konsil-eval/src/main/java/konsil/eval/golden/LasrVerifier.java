package konsil.eval.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import konsil.kernel.Kernels;
import konsil.kernel.Workers;
import konsil.medasr.LoadOptions;
import konsil.medasr.MedAsr;
import konsil.medasr.Recogniser;
import konsil.medasr.WorkingFormat;
import konsil.tensor.BadInputException;

/**
 * Holds a MedASR against a golden directory: sound to features, features through the network to logits, logits to
 * tokens and text, the CTC loss of a reference and its gradients. Each stage is given what the reference gave it.
 */
public final class LasrVerifier {
    private static final Set<String> TENSORS =
            Set.of(LasrStages.SAMPLES, LasrStages.FEATURES, LasrStages.ENCODER, LasrStages.LOGITS);

    private final LasrGolden golden;
    private final VerifySettings settings;
    private final VerifyListener listener;

    public LasrVerifier(LasrGolden golden, VerifySettings settings, VerifyListener listener) {
        this.golden = golden;
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * Runs everything.
     *
     * @throws konsil.tensor.file.BadFileException when the model or the golden directory cannot be read, or nothing in
     *     one can be compared with the other
     * @throws IOException when the disk fails
     */
    public GoldenReport run(Kernels kernels, Workers workers) throws IOException {
        if (settings.projector().isPresent()) {
            throw new BadInputException("a MedASR has no image part; leave it out");
        }
        var options = LoadOptions.of(format());
        var notes = new ArrayList<String>();
        var reports = new ArrayList<CaseReport>();
        try (var model = MedAsr.load(settings.paths(), kernels, workers, options);
                var recogniser = new Recogniser(model, settings.memoryLimit())) {
            listener.begin("cases", golden.cases().size());
            for (var c : golden.cases()) {
                reports.add(report(c, recogniser, notes));
                listener.advance();
            }
        }
        new LasrGradients(golden, settings).report(kernels, workers).ifPresent(reports::add);
        boolean anything = reports.stream()
                .flatMap(report -> report.comparisons().stream())
                .anyMatch(comparison -> comparison.outcome() != Comparison.Outcome.SKIPPED);
        if (!anything) {
            throw GemmaGolden.empty(golden.folder());
        }
        if (!settings.exact()) {
            notes.add("distances of the network are shown, not judged, unless every value is computed in f32");
        }
        return new GoldenReport(facts(), reports, List.of(), notes);
    }

    private CaseReport report(LasrCase c, Recogniser recogniser, List<String> notes) throws IOException {
        var values = golden.values(c);
        var unknown = values.unknown(TENSORS);
        if (!unknown.isEmpty()) {
            notes.add("case %s: not compared, since unknown: %s".formatted(c.name(), String.join(", ", unknown)));
        }
        return new CaseReport(c.name(), new LasrStages(recogniser, new Judge(settings.exact())).compare(c, values));
    }

    private WorkingFormat format() {
        return switch (settings.format()) {
            case EXACT -> WorkingFormat.EXACT;
            case STORED -> WorkingFormat.STORED;
            case BF16 -> WorkingFormat.BF16;
            case Q8_0 -> WorkingFormat.Q8_0;
            case Q4_0 -> throw new BadInputException("MedASR runs in exact, stored, bf16 or q8_0, not in q4_0");
        };
    }

    private SequencedMap<String, String> facts() {
        var facts = new LinkedHashMap<String, String>();
        facts.put("layout", golden.name());
        facts.put("format", settings.format().name().toLowerCase(Locale.ROOT));
        return facts;
    }
}
