package konsil.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.WeightFormat;
import konsil.medgemma.Batch;
import konsil.medgemma.GemmaText;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.MedGemma;
import konsil.medgemma.WorkingFormat;
import konsil.tensor.KvCache;
import konsil.tensor.Mask;
import konsil.tensor.Ops;
import konsil.tensor.Projection;
import konsil.tensor.TapeOps;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.Tensor;
import konsil.tensor.file.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The networks of MedGemma, forth and back. */
final class GemmaGradientsTest {
    private static final double TOLERANCE = 2e-3;
    private static final GoldenFiles GOLDEN = GoldenFiles.of("gemma3-a");
    private static final GoldenFiles LORA = GoldenFiles.of("lora-a");
    private static final KvCache.None STRAIGHT = new KvCache.None(WeightFormat.F32);

    @TempDir
    private Path temporary;

    static List<Kind> kinds() {
        return Bench.kinds();
    }

    private static MedGemma load(Bench bench, LoadOptions options) throws IOException {
        return MedGemma.load(List.of(GOLDEN.folder()), bench.kernels, bench.workers, options);
    }

    /** The first example of the golden run: a prompt, its answer, and labels on the answer alone, shifted by one. */
    private record Example(int[] ids, int[] labels, double loss) {
        static Example first() throws IOException {
            var step = LORA.objects("steps.json", "steps").getFirst();
            int[] prompt = GoldenFiles.ids(GOLDEN.named("cases.json", "text"), "input_ids");
            int[] answer = GoldenFiles.ids(step, "answer_ids");
            int[] ids = Arrays.copyOf(prompt, prompt.length + answer.length);
            System.arraycopy(answer, 0, ids, prompt.length, answer.length);
            int[] labels = new int[ids.length];
            Arrays.fill(labels, CrossEntropy.IGNORED);
            System.arraycopy(answer, 0, labels, prompt.length - 1, answer.length);
            return new Example(ids, labels, GoldenFiles.real(step, "loss"));
        }
    }

    /** Trainable adapters on all matrices that PEFT's file has some for. */
    private static GemmaText adapted(Bench bench, GemmaText text, Map<String, Tensor> trainable) throws IOException {
        var tensors = LORA.tensors("init/adapter_model.safetensors");
        return text.adapted((name, base) -> {
            String key = "base_model.model.model.language_model." + name;
            float[] a = tensors.get(key + ".lora_A.weight");
            float[] b = tensors.get(key + ".lora_B.weight");
            Tensor down = Tensor.of(bench.memory, a, a.length / base.in(), base.in());
            Tensor up = Tensor.of(bench.memory, b, base.out(), b.length / base.out());
            trainable.put(key + ".lora_A.default.weight", down);
            trainable.put(key + ".lora_B.default.weight", up);
            return new Projection.LowRank(base, down, up, 2);
        });
    }

    private static Tensor hidden(Ops ops, GemmaText text, int[] ids) {
        return text.forward(ops, text.embed(ops, ids), Batch.of(Mask.causal(), STRAIGHT, ids.length));
    }

    private record Run(double loss, Map<String, float[]> gradients) {}

    private static Run lora(Bench bench, LoadOptions options, Keeping keeping, int blockLogits) throws IOException {
        var example = Example.first();
        var trainable = new LinkedHashMap<String, Tensor>();
        try (var model = load(bench, options).withEmbeddingFactor((float) Math.sqrt(128))) {
            var text = adapted(bench, model.text(), trainable);
            var tape = new TapeOps(bench.engine.ops(), trainable.values(), keeping);
            Tensor hidden = hidden(tape, text, example.ids());
            var gradients = new Gradients(bench.engine);
            double loss = new CrossEntropy(bench.engine, blockLogits)
                    .throughHead(
                            text::logits,
                            hidden,
                            CrossEntropy.Labels.mean(example.labels()),
                            trainable.values(),
                            gradients);
            gradients.walk(tape);
            return new Run(loss, values(trainable, gradients));
        }
    }

    private static Map<String, float[]> values(Map<String, Tensor> trainable, Gradients gradients) {
        var values = new LinkedHashMap<String, float[]>();
        trainable.forEach((name, tensor) -> gradients.of(tensor).ifPresent(g -> values.put(name, g.toArray())));
        return values;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void firstGradientsOfAnAdapterAreThoseOfPeft(Kind kind) throws IOException {
        try (var bench = new Bench(kind)) {
            var run = lora(bench, LoadOptions.of(WorkingFormat.EXACT), Keeping.LINK_INPUTS, 1 << 20);
            double wanted = Example.first().loss();
            assertThat(run.loss()).isCloseTo(wanted, within(1e-3));
            var peft = LORA.tensors("grads_step0.safetensors");
            assertThat(run.gradients().keySet()).isEqualTo(peft.keySet());
            peft.forEach((name, gradient) -> assertThat(
                            Bench.distance(run.gradients().get(name), gradient))
                    .as(name)
                    .isLessThan(TOLERANCE));
        }
    }

    /** Coarse bases move the gradients as little as they move the values. */
    @ParameterizedTest
    @EnumSource(names = {"BF16", "Q8_0"})
    void frozenBasesOfOtherFormatsLeadNearTheSame(WorkingFormat format) throws IOException {
        try (var bench = new Bench(Kind.MACHINE)) {
            var exact = lora(bench, LoadOptions.of(WorkingFormat.EXACT), Keeping.STEPS, 1 << 20);
            var coarse = lora(bench, LoadOptions.of(format), Keeping.STEPS, 1 << 20);
            exact.gradients().forEach((name, gradient) -> assertThat(
                            Bench.distance(coarse.gradients().get(name), gradient))
                    .as(name)
                    .isLessThan(0.1));
        }
    }

    @Test
    void theHeadInBlocksOfRowsIsTheHeadInOnePiece() throws IOException {
        try (var bench = new Bench(Kind.MACHINE)) {
            var options = LoadOptions.of(WorkingFormat.EXACT);
            var whole = lora(bench, options, Keeping.STEPS, 1 << 20);
            var blocks = lora(bench, options, Keeping.STEPS, 3 * 1024);
            assertThat(blocks.loss()).isCloseTo(whole.loss(), within(1e-6));
            whole.gradients().forEach((name, gradient) -> assertThat(
                            Bench.distance(blocks.gradients().get(name), gradient))
                    .as(name)
                    .isLessThan(1e-5));
        }
    }

    /** Everything is trained, the tied embedding through both its uses. */
    private static Run whole(Bench bench, Keeping keeping) throws IOException {
        var example = Example.first();
        try (var model = load(bench, LoadOptions.forTraining())) {
            var learned = model.parameters().learned();
            var tape = new TapeOps(bench.engine.ops(), learned.values(), keeping);
            Tensor hidden = hidden(tape, model.text(), example.ids());
            var gradients = new Gradients(bench.engine);
            double loss = new CrossEntropy(bench.engine)
                    .throughHead(
                            model.text()::logits,
                            hidden,
                            CrossEntropy.Labels.mean(example.labels()),
                            learned.values(),
                            gradients);
            gradients.walk(tape);
            return new Run(loss, values(learned, gradients));
        }
    }

    static void same(Map<String, float[]> actual, Map<String, float[]> wanted) {
        assertThat(actual.keySet()).isEqualTo(wanted.keySet());
        wanted.forEach((name, values) -> assertThat(actual.get(name)).as(name).isEqualTo(values));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void recomputedBlocksOfTheTextGiveTheSameBits(Kind kind) throws IOException {
        try (var kept = new Bench(kind);
                var again = new Bench(kind)) {
            var all = whole(kept, Keeping.STEPS);
            var blocks = whole(again, Keeping.LINK_INPUTS);
            assertThat(blocks.loss()).isEqualTo(all.loss());
            assertThat(all.gradients().size()).isGreaterThan(100);
            same(blocks.gradients(), all.gradients());
        }
    }

    private static Map<String, float[]> vision(Bench bench, Keeping keeping) throws IOException {
        try (var model = load(bench, LoadOptions.forTraining())) {
            var encoder = model.images().orElseThrow();
            var learned = model.parameters().learned();
            var vision = encoder.vision().config();
            float[] pixels = GOLDEN.tensors("cases/pixels.safetensors")
                    .values()
                    .iterator()
                    .next();
            Tensor image = Tensor.of(bench.memory, pixels, 3, vision.imageSize(), vision.imageSize());
            var tape = new TapeOps(bench.engine.ops(), learned.values(), keeping);
            Tensor soft = encoder.forward(tape, image, STRAIGHT);
            assertThat(soft.toArray())
                    .isEqualTo(
                            encoder.forward(bench.engine.ops(), image, STRAIGHT).toArray());
            var gradients = new Gradients(bench.engine).seed(soft, soft);
            gradients.walk(tape);
            return values(learned, gradients);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void recomputedBlocksOfTheVisionTowerGiveTheSameBits(Kind kind) throws IOException {
        try (var kept = new Bench(kind);
                var again = new Bench(kind)) {
            var all = vision(kept, Keeping.STEPS);
            assertThat(all.size()).isGreaterThan(30);
            same(vision(again, Keeping.LINK_INPUTS), all);
        }
    }

    @Test
    void plainAndTapedValuesOfTheTextAreTheSame() throws IOException {
        try (var bench = new Bench(Kind.MACHINE);
                var model = load(bench, LoadOptions.forTraining())) {
            int[] ids = Example.first().ids();
            float[] plain = hidden(bench.engine.ops(), model.text(), ids).toArray();
            for (var keeping : Keeping.values()) {
                var tape = new TapeOps(
                        bench.engine.ops(), model.parameters().learned().values(), keeping);
                assertThat(hidden(tape, model.text(), ids).toArray()).isEqualTo(plain);
            }
        }
    }

    @Test
    void parametersAreWrittenAsTheyWereRead() throws IOException {
        Path file = temporary.resolve("model.safetensors");
        try (var bench = new Bench(Kind.SCALAR);
                var model = load(bench, LoadOptions.forTraining())) {
            model.parameters().write(file);
        }
        try (var before = Checkpoint.open(GOLDEN.folder().resolve("model.safetensors"));
                var after = Checkpoint.open(file)) {
            assertThat(after.names()).containsExactlyInAnyOrderElementsOf(before.names());
            for (String name : before.names()) {
                assertThat(after.info(name).shape())
                        .as(name)
                        .isEqualTo(before.info(name).shape());
                assertThat(Bench.distance(after.f32(name), before.f32(name)))
                        .as(name)
                        .isLessThan(1e-6);
            }
        }
    }

    @Test
    void aModelLoadedToAnswerHasNoParameters() throws IOException {
        try (var bench = new Bench(Kind.SCALAR);
                var model = load(bench, LoadOptions.DEFAULT)) {
            assertThat(model.parameters().all()).isEmpty();
        }
    }
}
