package konsil.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import konsil.clinic.AnswerSettings;
import konsil.clinic.AssistantSettings;
import konsil.clinic.ModelFiles;
import konsil.kernel.WeightFormat;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.PanAndScan;
import konsil.medgemma.PixelSettings.Framing;
import konsil.medgemma.WorkingFormat;
import konsil.medgemma.generation.SamplingSettings;
import konsil.medgemma.generation.TokenConstraint;
import konsil.media.ImageSettings;
import konsil.media.ImageSettings.DeepGrey;
import konsil.media.ImageSettings.Rotation;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Placement;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** What verbs that talk with a model have in common on the command line. */
final class AssistantOptions {
    /** Makes MedGemma think before it answers: the first line of the system text (Google's notebooks). */
    static final String THINK_SILENTLY = "SYSTEM INSTRUCTION: think silently if needed.";

    static final String SYSTEM = "--system";

    private static final String MODEL = "--model";
    private static final String MMPROJ = "--mmproj";
    private static final String ADAPTER = "--adapter";
    private static final String QUANT = "--quant";
    private static final String CACHE = "--cache";
    private static final String WEIGHTS = "--weights";
    private static final String CONTEXT = "--context";
    private static final String THINK = "--think";
    private static final String NO_THINK = "--no-think";
    private static final String MAX_TOKENS = "--max-tokens";
    private static final String TEMPERATURE = "--temperature";
    private static final String TOP_K = "--top-k";
    private static final String TOP_P = "--top-p";
    private static final String MIN_P = "--min-p";
    private static final String REPETITION = "--repetition-penalty";
    private static final String SEED = "--seed";
    private static final String STOP = "--stop";
    private static final String LOGPROBS = "--logprobs";
    private static final String PAD = "--pad";
    private static final String PAN_AND_SCAN = "--pan-and-scan";
    private static final String DEEP_GREY = "--deep-grey";
    private static final String ROTATION = "--rotation";
    private static final String IMAGE_CACHE = "--image-cache";

    private AssistantOptions() {}

    /** Adds all of them. */
    static CommandSpec addTo(CommandSpec spec) {
        spec.addOption(required(MODEL, "MODEL", "Folder of a model, packed file (konsil import) or GGUF file."));
        spec.addOption(Options.option(MMPROJ, "FILE", Path.class, "Image projector of a GGUF model."));
        spec.addOption(Options.option(ADAPTER, "DIR", Path.class, "LoRA adapter, as PEFT writes it."));
        spec.addOption(Options.option(
                QUANT, "FORMAT", String.class, "Matrices in memory: stored (the default), exact, bf16, q8_0, q4_0."));
        spec.addOption(Options.option(
                CACHE, "FORMAT", String.class, "Keys and values in memory: f32, bf16, q8_0; fits the matrices."));
        spec.addOption(Options.option(
                WEIGHTS,
                "WHERE",
                Placement.class,
                "Of a packed file: mapped starts at once, copied answers a tenth faster. ask: mapped, chat: copied."));
        spec.addOption(Options.option(
                CONTEXT, "TOKENS", Long.class, "Longest conversation, reply included; what the model was made for."));
        spec.addOption(Options.option(SYSTEM, "TEXT", String.class, "Instruction before the first question."));
        spec.addOption(Options.flag(THINK, "Have the model think first; its thought goes to standard error."));
        spec.addOption(Options.flag(NO_THINK, "Do not ask the model to think; the default."));
        addSampling(spec);
        addPictures(spec);
        return spec;
    }

    private static void addSampling(CommandSpec spec) {
        spec.addOption(
                Options.option(MAX_TOKENS, "N", Integer.class, "Most tokens of thought and answer together; 2048."));
        spec.addOption(Options.option(
                TEMPERATURE, "T", Float.class, "0, the default, takes the most likely word always; 1 draws."));
        spec.addOption(Options.option(TOP_K, "K", Integer.class, "Draw from so many most likely tokens; 0 for all."));
        spec.addOption(
                Options.option(TOP_P, "P", Float.class, "Draw from the fewest tokens that reach this share; 1."));
        spec.addOption(Options.option(
                MIN_P, "P", Float.class, "Draw from tokens at least this times as likely as the first; 0."));
        spec.addOption(
                Options.option(REPETITION, "X", Float.class, "Above 1 makes tokens that occurred less likely; 1."));
        spec.addOption(Options.option(
                SEED, "N", Long.class, "The same seed gives the same answer on the same kind of kernels; 0."));
        spec.addOption(Options.list(STOP, "TEXT", String.class, "End the answer where this text would begin."));
        spec.addOption(Options.option(
                LOGPROBS, "N", Integer.class, "With --json: log probability of each token and of the N likeliest."));
    }

    private static void addPictures(CommandSpec spec) {
        spec.addOption(
                Options.flag(PAD, "Pad pictures to a square, as in MedGemma's training, instead of stretching."));
        spec.addOption(
                Options.flag(PAN_AND_SCAN, "Show long pictures in parts, too; each costs as much as a picture."));
        spec.addOption(Options.option(
                DEEP_GREY, "HOW", DeepGrey.class, "Grey of more than 8 bits: refuse (the default), clip, stretch."));
        spec.addOption(Options.option(
                ROTATION, "HOW", Rotation.class, "Exif orientation: upright (the default) or as_stored."));
        spec.addOption(Options.option(
                IMAGE_CACHE, "DIR", Path.class, "Keep what was seen of pictures here, from one run to the next."));
    }

    private static OptionSpec required(String name, String label, String summary) {
        return Options.option(name, label, Path.class, summary).toBuilder()
                .required(true)
                .build();
    }

    static ModelFiles files(ParseResult arguments) {
        return new ModelFiles(
                arguments.matchedOptionValue(MODEL, Path.of("")),
                Optional.ofNullable(arguments.<Path>matchedOptionValue(MMPROJ, null)),
                Optional.ofNullable(arguments.<Path>matchedOptionValue(ADAPTER, null)));
    }

    /** @param followUps whether more questions will come about what was read */
    static AssistantSettings assistant(ParseResult arguments, boolean followUps) {
        return new AssistantSettings(
                load(arguments, followUps),
                arguments.hasMatchedOption(PAD) ? Framing.PADDED : Framing.STRETCHED,
                arguments.hasMatchedOption(PAN_AND_SCAN) ? Optional.of(PanAndScan.DEFAULT) : Optional.empty(),
                Optional.ofNullable(arguments.<Long>matchedOptionValue(CONTEXT, null)),
                Optional.ofNullable(arguments.<Path>matchedOptionValue(IMAGE_CACHE, null)),
                1,
                followUps ? arguments.matchedOptionValue(MAX_TOKENS, AnswerSettings.GREEDY.maxTokens()) : 0,
                Main.VERSION);
    }

    private static LoadOptions load(ParseResult arguments, boolean followUps) {
        var options = LoadOptions.of(
                        named(WorkingFormat.values(), QUANT, arguments.matchedOptionValue(QUANT, "stored")))
                .withPlacement(arguments.matchedOptionValue(WEIGHTS, followUps ? Placement.COPIED : Placement.MAPPED));
        String cache = arguments.matchedOptionValue(CACHE, "");
        return cache.isEmpty() ? options : options.withCache(named(WeightFormat.values(), CACHE, cache));
    }

    private static <E extends Enum<E>> E named(E[] values, String option, String name) {
        for (var value : values) {
            if (value.name().equalsIgnoreCase(name)) {
                return value;
            }
        }
        var names = List.of(values).stream()
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
        throw new BadInputException("%s: want one of %s, got %s".formatted(option, String.join(", ", names), name));
    }

    static AnswerSettings answer(ParseResult arguments) {
        var sampling = new SamplingSettings(
                arguments.matchedOptionValue(TEMPERATURE, 0f),
                arguments.matchedOptionValue(TOP_K, 0),
                arguments.matchedOptionValue(TOP_P, 1f),
                arguments.matchedOptionValue(MIN_P, 0f),
                arguments.matchedOptionValue(REPETITION, 1f),
                arguments.matchedOptionValue(SEED, 0L));
        return new AnswerSettings(
                sampling,
                arguments.matchedOptionValue(MAX_TOKENS, AnswerSettings.GREEDY.maxTokens()),
                arguments.matchedOptionValue(STOP, List.<String>of()),
                arguments.matchedOptionValue(LOGPROBS, 0),
                TokenConstraint.NONE);
    }

    static ImageSettings pictures(ParseResult arguments) {
        var careful = ImageSettings.careful();
        return new ImageSettings(
                arguments.matchedOptionValue(ROTATION, careful.rotation()),
                arguments.matchedOptionValue(DEEP_GREY, careful.deepGrey()),
                careful.maxPixels());
    }

    /** The system text, with what makes the model think. */
    static String system(ParseResult arguments) {
        if (arguments.hasMatchedOption(THINK) && arguments.hasMatchedOption(NO_THINK)) {
            throw new BadInputException("%s and %s exclude each other".formatted(THINK, NO_THINK));
        }
        String system = arguments.matchedOptionValue(SYSTEM, "");
        if (!arguments.hasMatchedOption(THINK)) {
            return system;
        }
        return system.isEmpty() ? THINK_SILENTLY : THINK_SILENTLY + "\n" + system;
    }
}
