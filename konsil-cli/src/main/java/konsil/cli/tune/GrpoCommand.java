package konsil.cli.tune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import konsil.cli.Command;
import konsil.cli.Exit;
import konsil.cli.Interruption;
import konsil.cli.Options;
import konsil.cli.Output;
import konsil.medgemma.LoadOptions;
import konsil.tensor.BadInputException;
import konsil.train.data.Conversation;
import konsil.train.data.ConversationFile;
import konsil.train.data.LineCheck;
import konsil.train.gemma.LoraSubject;
import konsil.train.grpo.GroupPreset;
import konsil.train.grpo.GroupSettings;
import konsil.train.grpo.GroupSettings.Normalisation;
import konsil.train.grpo.GroupTuning;
import konsil.train.lora.AdapterFile;
import konsil.train.lora.Lora;
import konsil.train.lora.Seeds;
import konsil.train.reward.WeightedRewards;
import konsil.train.run.RunFolder;
import konsil.train.run.RunListener;
import konsil.train.run.RunSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil tune grpo}: a MedGemma learns from rewards for its own answers. */
final class GrpoCommand implements Command {
    private static final String REWARD = "--reward";
    private static final String COMMAND = "--command";
    private static final String STEPS = "--steps";
    private static final String GROUP = "--group";
    private static final String MAX_TOKENS = "--max-tokens";
    private static final String TEMPERATURE = "--temperature";
    private static final String EPSILON = "--epsilon";
    private static final String BETA = "--beta";
    private static final String ITERATIONS = "--iterations";
    private static final String MEAN = "--mean";
    private static final long EVERY = 20;

    private final RunListener watcher;

    /** @param watcher hears of the run, too */
    GrpoCommand(RunListener watcher) {
        this.watcher = watcher;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Options.verb(
                "grpo",
                "Trains an adapter for a MedGemma by reinforcement: several answers to each question are drawn, and "
                        + "those with more reward than the others of their group become likelier (GRPO). Each line of "
                        + "data ends with the user's question and has beside its messages what the rewards need: "
                        + "\"answer\" or \"boxes\". Presets: grpo (the default), notebook (Google's).",
                "tune grpo --model ~/medgemma-1.5-4b-it --quant q8_0 --data medqa.jsonl --reward letter --out run",
                "tune grpo --model ~/medgemma-1.5-4b-it --preset notebook --data medqa.jsonl --reward letter --out run",
                "tune grpo --model m --data labs.jsonl --reward field-f1 --reward rouge-l:0.2 --out run",
                "tune grpo --model m --data train.jsonl --reward command --command \"python3 judge.py\" --out run");
        TuneOptions.addTo(spec);
        spec.addOption(Options.list(
                        REWARD,
                        "NAME[:WEIGHT]",
                        String.class,
                        "letter, field-f1, box-iou, rouge-l or command; several are added up.")
                .toBuilder()
                .required(true)
                .build());
        spec.addOption(Options.option(
                COMMAND,
                "PROGRAM",
                String.class,
                "Judges: one JSON object a line in, one number a line out; words are split at spaces, no shell."));
        spec.addOption(Options.option(STEPS, "N", Long.class, "Steps of the run."));
        spec.addOption(Options.option(GROUP, "N", Integer.class, "Answers to each question."));
        spec.addOption(Options.option(MAX_TOKENS, "N", Integer.class, "Most tokens of an answer."));
        spec.addOption(Options.option(TEMPERATURE, "T", Float.class, "Of the draw; 1."));
        spec.addOption(Options.option(EPSILON, "X", Double.class, "Bound of ratios; 0.2."));
        spec.addOption(Options.option(BETA, "X", Double.class, "Weight of the divergence from the base; 0 for none."));
        spec.addOption(Options.option(ITERATIONS, "N", Integer.class, "Steps with the same answers; 1."));
        spec.addOption(Options.option(MEAN, "OVER", Normalisation.class, "token (the default) or answer."));
        return spec;
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        var preset = GroupPreset.named(arguments.matchedOptionValue(TuneOptions.PRESET, GroupPreset.PLAIN.name()));
        var rewards =
                WeightedRewards.parse(arguments.matchedOptionValue(REWARD, List.<String>of()), command(arguments));
        var groups = groups(arguments, preset.groups());
        var defaults = new TuneOptions.RunDefaults(
                preset.learningRate(), preset.shape(), preset.warmUp(), preset.batch(), preset.clip(), 0);
        long steps = arguments.matchedOptionValue(STEPS, preset.steps());
        var settings = TuneOptions.run(arguments, defaults, steps, EVERY);
        RunFolder.requireUsable(
                arguments.matchedOptionValue(TuneOptions.OUT, Path.of("")),
                arguments.hasMatchedOption(TuneOptions.RESUME));
        try (var model = OpenModel.of(arguments);
                var interruption = new Interruption(() -> {})) {
            var data = data(arguments, model, rewards, groups, output);
            try (var subject = subject(arguments, preset, model, settings.seed(), output)) {
                return tune(arguments, new Parts(model, subject, settings, groups, data, preset), output, interruption);
            }
        }
    }

    /** Everything that a run is made of. */
    private record Parts(
            OpenModel model,
            LoraSubject subject,
            RunSettings settings,
            GroupSettings groups,
            GroupTuning.Data data,
            GroupPreset preset) {}

    private static List<String> command(ParseResult arguments) {
        String command = arguments.matchedOptionValue(COMMAND, "").strip();
        return command.isEmpty() ? List.of() : List.of(command.split("\\s+"));
    }

    private static GroupSettings groups(ParseResult arguments, GroupSettings preset) {
        return new GroupSettings(
                arguments.matchedOptionValue(GROUP, preset.group()),
                arguments.matchedOptionValue(MAX_TOKENS, preset.maxTokens()),
                arguments.matchedOptionValue(TEMPERATURE, preset.temperature()),
                arguments.matchedOptionValue(EPSILON, preset.epsilon()),
                arguments.matchedOptionValue(BETA, preset.beta()),
                arguments.matchedOptionValue(ITERATIONS, preset.iterations()),
                arguments.matchedOptionValue(MEAN, preset.normalisation()));
    }

    private static GroupTuning.Data data(
            ParseResult arguments, OpenModel model, WeightedRewards rewards, GroupSettings groups, Output output)
            throws IOException {
        Path train = arguments.matchedOptionValue(TuneOptions.DATA, Path.of(""));
        var heldOut = TuneOptions.path(arguments, TuneOptions.HELD_OUT);
        int longest = RunSetup.longest(arguments, model) - groups.maxTokens();
        if (longest < 2) {
            throw new BadInputException(
                    "%s leaves no room for questions; raise %s".formatted(MAX_TOKENS, TuneOptions.CONTEXT));
        }
        var reading = new Reading(arguments, model, rewards, longest, output);
        return new GroupTuning.Data(
                reading.tasks(train),
                heldOut.isPresent() ? reading.tasks(heldOut.get()) : List.of(),
                rewards,
                model.tokenizer());
    }

    /** How files of questions are read. */
    private record Reading(
            ParseResult arguments, OpenModel model, WeightedRewards rewards, int longest, Output output) {
        List<GroupTuning.Task> tasks(Path file) throws IOException {
            var conversations = ConversationFile.read(file);
            LineCheck.each(file, conversations, conversation -> rewards.requireUsable(conversation.more()));
            var maker = model.exampleMaker(arguments);
            var questions = RunSetup.checked(
                    "check " + file.getFileName(),
                    conversations.size(),
                    output,
                    progress -> maker.questions(file, conversations, longest, model.workers(), progress));
            var tasks = new ArrayList<GroupTuning.Task>();
            for (int i = 0; i < questions.size(); i++) {
                Conversation conversation = conversations.get(i);
                tasks.add(new GroupTuning.Task(questions.get(i), conversation.more()));
            }
            return tasks;
        }
    }

    private static LoraSubject subject(
            ParseResult arguments, GroupPreset preset, OpenModel model, long seed, Output output) throws IOException {
        var base = model.load(LoadOptions.of(TuneOptions.format(arguments)), output);
        var adapter = TuneOptions.path(arguments, TuneOptions.ADAPTER);
        var defaults = new TuneOptions.AdapterDefaults(preset.rank(), preset.alpha(), 0, preset.vision());
        var lora = adapter.isPresent()
                ? AdapterFile.read(adapter.get(), base)
                : Lora.fresh(base, TuneOptions.adapter(arguments, defaults), Seeds.of(seed, "adapter"));
        return new LoraSubject(base, lora, model.path().toString());
    }

    private Exit tune(ParseResult arguments, Parts parts, Output output, Interruption interruption) throws IOException {
        var model = parts.model();
        int answers = parts.settings().batch() * parts.groups().group();
        try (var lanes = RunSetup.lanes(arguments, model, parts.subject(), answers);
                var bar = new RunBar(output, watcher)) {
            var words = RunSetup.settings(arguments, model, parts.settings(), lanes.count());
            words.put("groups", parts.groups().toString());
            words.put("rewards", parts.data().rewards().describe());
            words.put("what", parts.subject().lora().settings().toString());
            var folder = RunFolder.open(
                    arguments.matchedOptionValue(TuneOptions.OUT, Path.of("")),
                    words,
                    arguments.hasMatchedOption(TuneOptions.RESUME));
            var tuning = new GroupTuning(
                    new GroupTuning.Parts(parts.subject(), lanes, folder, model.workers()),
                    parts.settings(),
                    parts.groups(),
                    parts.data());
            var outcome = tuning.run(bar, interruption::asked);
            bar.end();
            new RunReport(outcome, bar, "held_out_reward", facts(parts))
                    .print(arguments.hasMatchedOption(Options.JSON), output);
            return outcome.result().isPresent() ? Exit.OK : Exit.INTERRUPTED;
        }
    }

    private static Map<String, Object> facts(Parts parts) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("preset", parts.preset().name().toLowerCase(Locale.ROOT));
        facts.put("preset_source", parts.preset().source());
        if (!parts.preset().differs().isEmpty()) {
            facts.put("preset_differs", parts.preset().differs());
        }
        facts.put("questions", parts.data().train().size());
        facts.put("rewards", parts.data().rewards().describe());
        return facts;
    }
}
