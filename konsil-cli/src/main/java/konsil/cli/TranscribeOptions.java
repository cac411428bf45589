package konsil.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import konsil.clinic.DecoderSettings;
import konsil.clinic.TranscriberFiles;
import konsil.clinic.TranscriberSettings;
import konsil.clinic.Vocabulary;
import konsil.medasr.LoadOptions;
import konsil.medasr.Windowing;
import konsil.medasr.WorkingFormat;
import konsil.medasr.decoding.BeamSettings;
import konsil.medasr.decoding.LmWeights;
import konsil.medasr.decoding.Terms;
import konsil.tensor.BadInputException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** How {@code konsil transcribe} is told what hears and how. */
final class TranscribeOptions {
    private static final String MODEL = "--model";
    private static final String LM = "--lm";
    private static final String VOCABULARY = "--vocabulary";
    private static final String DECODER = "--decoder";
    private static final String BEAM = "--beam";
    private static final String ALPHA = "--alpha";
    private static final String BETA = "--beta";
    private static final String WINDOWING = "--windowing";
    private static final String QUANT = "--quant";
    /** Five minutes: attention over more at once takes gigabytes. */
    private static final int MOST_AT_ONCE = 7500;

    private TranscribeOptions() {}

    static CommandSpec addTo(CommandSpec spec) {
        spec.addOption(
                Options.option(MODEL, "DIR", Path.class, "Folder of MedASR, or a packed file (konsil import).")
                        .toBuilder()
                        .required(true)
                        .build());
        spec.addOption(Options.option(LM, "FILE", Path.class, "Language model over the pieces: ARPA or KenLM binary."));
        spec.addOption(Options.option(
                VOCABULARY, "FILE", Path.class, "Terms to expect, one a line; behind tabs a weight, how it is said."));
        spec.addOption(Options.option(
                DECODER,
                "KIND",
                String.class,
                "greedy, beam or compatible (pyctcdecode); beam with a language model or vocabulary, else greedy."));
        spec.addOption(Options.option(BEAM, "N", Integer.class, "How many hypotheses a beam follows; 8."));
        spec.addOption(Options.option(ALPHA, "X", Double.class, "Weight of the language model; 0.5."));
        spec.addOption(Options.option(BETA, "X", Double.class, "What each piece gains beside it; 1.5."));
        spec.addOption(Options.option(
                WINDOWING,
                "HOW",
                String.class,
                "whole (up to 5 min), pipeline (chunks as transformers cuts them) or blend (overlapping windows); "
                        + "otherwise whole up to a minute, blend beyond."));
        spec.addOption(Options.option(
                QUANT, "FORMAT", String.class, "Matrices in memory: stored (default), exact, bf16, q8_0."));
        return spec;
    }

    static TranscriberFiles files(ParseResult arguments) {
        return new TranscriberFiles(
                arguments.matchedOptionValue(MODEL, Path.of("")),
                Optional.ofNullable(arguments.<Path>matchedOptionValue(LM, null)));
    }

    static Vocabulary vocabulary(ParseResult arguments) throws IOException {
        return arguments.hasMatchedOption(VOCABULARY)
                ? Vocabulary.read(arguments.matchedOptionValue(VOCABULARY, Path.of("")))
                : Vocabulary.NONE;
    }

    static TranscriberSettings settings(ParseResult arguments) {
        var usual = TranscriberSettings.usual(Main.VERSION);
        return new TranscriberSettings(
                LoadOptions.of(format(arguments.matchedOptionValue(QUANT, "stored"))),
                windowing(arguments.matchedOptionValue(WINDOWING, "")),
                decoder(arguments),
                usual.dictation(),
                usual.memoryLimit(),
                usual.version());
    }

    private static WorkingFormat format(String name) {
        for (var format : WorkingFormat.values()) {
            if (format.name().equalsIgnoreCase(name)) {
                return format;
            }
        }
        throw wanted(QUANT, "stored, exact, bf16 or q8_0", name);
    }

    private static Windowing windowing(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "" -> Windowing.DEFAULT;
            case "whole" -> new Windowing.Whole(MOST_AT_ONCE);
            case "pipeline" -> Windowing.Chunked.REFERENCE;
            case "blend" -> Windowing.Blended.DEFAULT;
            default -> throw wanted(WINDOWING, "whole, pipeline or blend", name);
        };
    }

    private static DecoderSettings decoder(ParseResult arguments) {
        String name = arguments.matchedOptionValue(DECODER, "");
        var kind =
                switch (name.toLowerCase(Locale.ROOT)) {
                    case "" -> DecoderSettings.Kind.AUTO;
                    case "greedy" -> DecoderSettings.Kind.GREEDY;
                    case "beam" -> DecoderSettings.Kind.BEAM;
                    case "compatible" -> DecoderSettings.Kind.COMPATIBLE;
                    default -> throw wanted(DECODER, "greedy, beam or compatible", name);
                };
        boolean terms = arguments.hasMatchedOption(VOCABULARY);
        boolean beamless = kind == DecoderSettings.Kind.GREEDY || kind == DecoderSettings.Kind.COMPATIBLE;
        if (terms && beamless) {
            throw new BadInputException("%s %s takes no vocabulary; want beam".formatted(DECODER, name));
        }
        if (kind == DecoderSettings.Kind.GREEDY && arguments.hasMatchedOption(LM)) {
            throw new BadInputException("%s greedy asks no language model; want beam or compatible".formatted(DECODER));
        }
        var weights = LmWeights.DEFAULT;
        return new DecoderSettings(
                kind,
                BeamSettings.DEFAULT.withWidth(arguments.matchedOptionValue(BEAM, BeamSettings.DEFAULT.width())),
                new LmWeights(
                        arguments.matchedOptionValue(ALPHA, weights.alpha()),
                        arguments.matchedOptionValue(BETA, weights.beta()),
                        weights.unknown()),
                Terms.STRENGTH);
    }

    static BadInputException wanted(String option, String wanted, String got) {
        return new BadInputException("%s: want %s, got %s".formatted(option, wanted, got));
    }
}
