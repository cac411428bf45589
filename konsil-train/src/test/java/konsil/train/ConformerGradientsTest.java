package konsil.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.WeightFormat;
import konsil.medasr.LoadOptions;
import konsil.medasr.MedAsr;
import konsil.tensor.KvCache;
import konsil.tensor.Ops;
import konsil.tensor.TapeOps;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.Tensor;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole MedASR network, forth and back, against what torch computes. */
final class ConformerGradientsTest {
    private static final double TOLERANCE = 2e-3;
    private static final GoldenFiles GOLDEN = GoldenFiles.of("lasr-a");
    private static final KvCache.None STRAIGHT = new KvCache.None(WeightFormat.F32);

    @TempDir
    private Path temporary;

    static List<Kind> kinds() {
        return Bench.kinds();
    }

    private static MedAsr load(Bench bench) throws IOException {
        return MedAsr.load(List.of(GOLDEN.folder()), bench.kernels, bench.workers, LoadOptions.forTraining());
    }

    private static Tensor features(Bench bench, MedAsr model) throws IOException {
        float[] features = GOLDEN.tensors("cases/dictation_a.safetensors").get("features");
        int bins = model.config().encoder().subsampling().melBins();
        return Tensor.of(bench.memory, features, features.length / bins, bins);
    }

    private static Tensor logits(MedAsr model, Ops ops, Tensor features) {
        return model.network().logits(ops, model.network().encode(ops, features, STRAIGHT));
    }

    private record Run(double loss, Map<String, float[]> gradients) {}

    private static Run run(Bench bench, Keeping keeping) throws IOException {
        try (var model = load(bench)) {
            var learned = model.parameters().learned();
            var tape = new TapeOps(bench.engine.ops(), learned.values(), keeping);
            Tensor logits = logits(model, tape, features(bench, model));
            Tensor above = bench.space.tensor(logits.shape());
            int[] target = GoldenFiles.ids(GOLDEN.named("cases.json", "dictation_a"), "ctc_ref_ids");
            double loss = new CtcLoss(model.config().blank()).loss(logits, target, 1, above);
            var gradients = new Gradients(bench.engine).seed(logits, above);
            gradients.walk(tape);
            var values = new LinkedHashMap<String, float[]>();
            for (var p : model.parameters().all()) {
                if (p.role() == Parameters.Role.LEARNED) {
                    Tensor gradient = gradients.of(p.tensor()).orElseThrow();
                    var asPublished =
                            new Parameters.Parameter(p.name(), p.shape(), gradient, gradientForm(p), p.role());
                    values.put(p.name(), asPublished.published());
                }
            }
            return new Run(loss, values);
        }
    }

    /** The gradient of x - 1 is that of x. */
    private static Parameters.Form gradientForm(Parameters.Parameter p) {
        return p.form() == Parameters.Form.MINUS_ONE ? Parameters.Form.SAME : p.form();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void lossAndEveryGradientAreThoseOfTorch(Kind kind) throws IOException {
        try (var bench = new Bench(kind)) {
            var run = run(bench, Keeping.STEPS);
            double wanted = GoldenFiles.real(GOLDEN.named("cases.json", "dictation_a"), "ctc_loss_mean");
            assertThat(run.loss()).isCloseTo(wanted, within(1e-4 * wanted));
            var torch = GOLDEN.tensors("cases/grads.safetensors");
            assertThat(run.gradients().keySet()).isEqualTo(torch.keySet());
            torch.forEach((name, gradient) -> assertThat(
                            Bench.distance(run.gradients().get(name), gradient))
                    .as(name)
                    .isLessThan(TOLERANCE));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void recomputedBlocksGiveTheSameBits(Kind kind) throws IOException {
        try (var kept = new Bench(kind);
                var again = new Bench(kind)) {
            var whole = run(kept, Keeping.STEPS);
            var blocks = run(again, Keeping.LINK_INPUTS);
            assertThat(blocks.loss()).isEqualTo(whole.loss());
            GemmaGradientsTest.same(blocks.gradients(), whole.gradients());
            assertThat(again.space.reserved()).isLessThan(kept.space.reserved());
        }
    }

    @Test
    void plainAndTapedValuesAreTheSame() throws IOException {
        try (var bench = new Bench(Kind.MACHINE);
                var model = load(bench)) {
            Tensor features = features(bench, model);
            float[] plain = logits(model, bench.engine.ops(), features).toArray();
            for (var keeping : Keeping.values()) {
                var tape = new TapeOps(
                        bench.engine.ops(), model.parameters().learned().values(), keeping);
                assertThat(logits(model, tape, features).toArray()).isEqualTo(plain);
            }
        }
    }

    @Test
    void parametersAreWrittenAsTheyWereRead() throws IOException {
        Path file = temporary.resolve("model.safetensors");
        try (var bench = new Bench(Kind.SCALAR);
                var model = load(bench)) {
            model.parameters().write(file);
        }
        try (var before = Checkpoint.open(GOLDEN.folder().resolve("model.safetensors"));
                var after = Checkpoint.open(file)) {
            for (String name : before.names()) {
                if (!name.endsWith("num_batches_tracked")) {
                    assertThat(after.info(name).shape())
                            .as(name)
                            .isEqualTo(before.info(name).shape());
                    assertThat(after.f32(name)).as(name).isEqualTo(before.f32(name));
                }
            }
        }
    }
}
