package konsil.train.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.MedGemma;
import konsil.medgemma.PixelInputs;
import konsil.medgemma.PixelSettings;
import konsil.medgemma.WorkingFormat;
import konsil.media.ImageSettings;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.file.Checkpoint;
import konsil.text.Tokenizer;
import konsil.text.TokenizerFiles;
import konsil.train.GoldenFolder;
import konsil.train.TestModel;
import konsil.train.data.ConversationFile;
import konsil.train.data.ExampleMaker;
import konsil.train.data.Studies;
import konsil.train.gemma.FullSubject;
import konsil.train.gemma.Lanes;
import konsil.train.gemma.LoraSubject;
import konsil.train.gemma.SoftTokenStore;
import konsil.train.gemma.Subject;
import konsil.train.grpo.GroupSettings.Normalisation;
import konsil.train.lora.Lora;
import konsil.train.lora.LoraSettings;
import konsil.train.lora.Targets;
import konsil.train.optim.AdamWSettings;
import konsil.train.optim.Schedule;
import konsil.train.reward.Reward;
import konsil.train.reward.WeightedRewards;
import konsil.train.run.Outcome;
import konsil.train.run.RunFolder;
import konsil.train.run.RunListener;
import konsil.train.run.RunSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that knows nothing learns to begin its answers with a vowel. */
final class GroupTuningTest {
    private static final Path BASE = GoldenFolder.of("gemma3-a");

    @TempDir
    Path folder;

    /** 1 for an answer that begins with a vowel. */
    private static final class Vowels extends Reward.Each {
        @Override
        public String name() {
            return "vowels";
        }

        @Override
        protected double of(Judged judged) {
            String text = judged.completion().strip().toLowerCase(Locale.ROOT);
            return !text.isEmpty() && "aeiou".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
        }
    }

    private List<GroupTuning.Task> tasks(TestModel open, Tokenizer tokenizer) throws IOException {
        String image = BASE.resolve("images/gray_64x64.png").toString();
        Path file = folder.resolve("q.jsonl");
        Files.writeString(file, """
                {"messages":[{"role":"user","content":"Say something."}]}
                {"messages":[{"role":"user","content":[{"type":"image","image":"%s"},{"type":"text","text":"And?"}]}]}
                """.formatted(image));
        var maker = new ExampleMaker(
                open.model().config(),
                tokenizer,
                new PixelInputs(PixelSettings.gemma(112)),
                ImageSettings.careful(),
                Studies.NONE);
        return maker.questions(file, ConversationFile.read(file), 200, open.workers(), _ -> {}).stream()
                .map(question -> new GroupTuning.Task(question, Map.of()))
                .toList();
    }

    /** What of the model is trained. */
    private interface Subjects {
        Subject of(MedGemma model);
    }

    private static Subject adapter(MedGemma model) {
        var settings = new LoraSettings(8, 16, false, 0, Targets.parse("all-linear", false));
        return new LoraSubject(model, Lora.fresh(model, settings, 3), "base");
    }

    private Outcome run(Path to, Subjects subjects, long steps, GroupSettings groups, List<Double> rewards)
            throws IOException {
        boolean whole = groups.beta() == 0;
        var options = whole ? LoadOptions.forTraining() : LoadOptions.of(WorkingFormat.EXACT);
        try (var open = TestModel.open(BASE, options);
                var files = Checkpoint.open(BASE);
                var subject = subjects.of(open.model())) {
            var tokenizer = TokenizerFiles.of(files);
            var plan = new Lanes.Plan(2, Keeping.STEPS, 1L << 30);
            try (var lanes =
                    new Lanes(subject, open.kernels().kernels(), open.workers(), plan, new SoftTokenStore(1 << 20))) {
                var run = new RunSettings(
                        new Schedule(Schedule.Shape.CONSTANT, 1e-2, 0, steps),
                        2,
                        AdamWSettings.TORCH,
                        1,
                        100,
                        100,
                        0,
                        7);
                var judges = new WeightedRewards(List.of(new WeightedRewards.Weighted(new Vowels(), 1)));
                var data = new GroupTuning.Data(tasks(open, tokenizer), List.of(), judges, tokenizer);
                var parts = new GroupTuning.Parts(
                        subject, lanes, RunFolder.open(to, Map.of("steps", "any"), true), open.workers());
                return new GroupTuning(parts, run, groups, data).run(listener(rewards), () -> false);
            }
        }
    }

    private static RunListener listener(List<Double> rewards) {
        return new RunListener() {
            @Override
            public void stepped(long step, double reward, long tokens) {
                rewards.add(reward);
            }
        };
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    @Test
    void theRewardRisesAndARunThatIsTakenUpHasTheSameNumbers() throws IOException {
        var rewards = new ArrayList<Double>();
        var groups = new GroupSettings(12, 2, 1, 0.2, 0, 1, Normalisation.TOKEN);
        Subjects all = model -> new FullSubject(model, BASE, true);
        var outcome = run(folder.resolve("whole"), all, 14, groups, rewards);
        assertThat(mean(rewards.subList(0, 3))).isLessThan(0.5);
        assertThat(mean(rewards.subList(11, 14))).as(rewards.toString()).isGreaterThan(0.8);
        assertThat(outcome.result()).isPresent();

        run(folder.resolve("halves"), all, 2, groups, new ArrayList<>());
        run(folder.resolve("halves"), all, 4, groups, new ArrayList<>());
        assertThat(Files.readAllLines(folder.resolve("halves/metrics.jsonl")))
                .isEqualTo(Files.readAllLines(folder.resolve("whole/metrics.jsonl"))
                        .subList(0, 4));
    }

    @Test
    void severalStepsWithTheSameAnswersAndADivergence() throws IOException {
        var rewards = new ArrayList<Double>();
        var groups = new GroupSettings(4, 3, 1, 0.2, 0.1, 2, Normalisation.ANSWER);
        run(folder.resolve("run"), GroupTuningTest::adapter, 4, groups, rewards);
        assertThat(rewards.get(0)).isEqualTo(rewards.get(1));
        var lines = Files.readAllLines(folder.resolve("run/metrics.jsonl"));
        // the adapter changes nothing at first: the divergence is 0, and ratios are 1
        assertThat(number(lines.get(0), "divergence")).isLessThan(1e-9);
        assertThat(number(lines.get(0), "clipped")).isZero();
        assertThat(number(lines.get(3), "divergence")).isGreaterThan(1e-6);
    }

    private static double number(String line, String figure) {
        String after = line.split("\"" + figure + "\":", -1)[1];
        return Double.parseDouble(after.split("[,}]", -1)[0]);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> new GroupSettings(1, 6, 1, 0.2, 0, 1, Normalisation.TOKEN))
                .hasMessageContaining("group: want 2");
        assertThatThrownBy(() -> new GroupSettings(4, 6, 0, 0.2, 0, 1, Normalisation.TOKEN))
                .hasMessageContaining("temperature: want more than 0");
    }
}
