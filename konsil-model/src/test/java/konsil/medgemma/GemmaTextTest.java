package konsil.medgemma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.NativeMemory;
import konsil.kernel.WeightFormat;
import konsil.kernel.Workers;
import konsil.tensor.KernelOps;
import konsil.tensor.KvCache;
import konsil.tensor.Mask;
import konsil.tensor.Projection;
import konsil.tensor.Step;
import konsil.tensor.TapeOps;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The network as training sees it: on a tape, block by block, with adapters. */
final class GemmaTextTest {
    private static final KvCache.None NONE = new KvCache.None(WeightFormat.F32);

    private final NativeMemory memory = new NativeMemory();
    private final Workers workers = new Workers(1);
    private final Workspace space = new Workspace(1L << 30, Workspace.Leftovers.NAN);
    private final List<Tensor> adapters = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Random random = new Random(3);
    private OpenModel open;
    private KernelOps ops;

    private GemmaText network(String golden, Kind kind) {
        open = new OpenModel(
                kind, LoadOptions.of(WorkingFormat.EXACT), Golden.of(golden).folder());
        ops = new KernelOps(open.model().engine().kernels(), workers, space);
        return open.model().text();
    }

    @AfterEach
    void close() {
        open.close();
        space.close();
        workers.close();
        memory.close();
    }

    /** @param spread 0 for an adapter that changes nothing yet */
    private GemmaText.Adapting adapting(float spread) {
        return (name, base) -> {
            names.add(name);
            Tensor a = gaussian(0.1f, 2, base.in());
            Tensor b = gaussian(spread, base.out(), 2);
            adapters.add(a);
            adapters.add(b);
            return new Projection.LowRank(base, a, b, 0.5f);
        };
    }

    private Tensor gaussian(float spread, int rows, int cols) {
        var values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * spread;
        }
        return Tensor.of(memory, values, rows, cols);
    }

    private Tensor input(GemmaText text) {
        return gaussian(1, 30, text.config().hiddenSize());
    }

    private static Batch whole() {
        return Batch.of(Mask.causal(), NONE, 30);
    }

    @ParameterizedTest
    @MethodSource("konsil.medgemma.OpenModel#kinds")
    void tapedIsPlainAndBlocksRunAgainAreTheSame(Kind kind) {
        threeWaysAreOne(network("gemma3-b", kind).adapted(adapting(0.1f)));
    }

    @ParameterizedTest
    @MethodSource("konsil.medgemma.OpenModel#kinds")
    void tapedIsPlainWithSoftCaps(Kind kind) {
        threeWaysAreOne(network("gemma3-c", kind).adapted(adapting(0.1f)));
    }

    private void threeWaysAreOne(GemmaText text) {
        Tensor x = input(text);
        float[] plain = text.logits(ops, text.forward(ops, x, whole())).toArray();
        assertThat(plain).doesNotContain(Float.NaN);
        var tape = new TapeOps(ops, adapters);
        assertThat(text.logits(tape, text.forward(tape, x, whole())).toArray()).isEqualTo(plain);
        assertThat(tape.steps()).hasAtLeastOneElementOfType(Step.Attention.class);

        Tensor y = x;
        for (int layer = 0; layer < text.layers().size(); layer++) {
            y = text.block(ops, layer, y, whole());
        }
        Tensor normed = ops.rmsNorm(y, text.norm(), (float) text.config().rmsNormEps());
        assertThat(text.logits(ops, normed).toArray()).isEqualTo(plain);
    }

    @ParameterizedTest
    @MethodSource("konsil.medgemma.OpenModel#kinds")
    void adaptersSitOnEveryMatrixOfALayer(Kind kind) {
        var text = network("gemma3-b", kind);
        Tensor x = input(text);
        float[] plain = text.forward(ops, x, whole()).toArray();
        var begun = text.adapted(adapting(0));
        assertThat(names)
                .hasSize(5 * 7)
                .startsWith("layers.0.self_attn.q_proj", "layers.0.self_attn.k_proj")
                .endsWith("layers.4.mlp.up_proj", "layers.4.mlp.down_proj");
        assertThat(begun.forward(ops, x, whole()).toArray()).isEqualTo(plain);
        assertThat(text.adapted(adapting(0.1f)).forward(ops, x, whole()).toArray())
                .isNotEqualTo(plain);
        assertThat(text.adapted((name, base) -> base)).isEqualTo(text);
    }
}
