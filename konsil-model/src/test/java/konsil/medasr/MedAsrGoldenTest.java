package konsil.medasr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import konsil.kernel.KernelChoice.Kind;
import konsil.medasr.LasrGolden.Case;
import konsil.text.Specials;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What transformers computes, stage by stage, on every implementation of the kernels. Both sides are f32, so the
 * differences are those of summation order.
 */
final class MedAsrGoldenTest {
    private static final double EXACT = 2e-5;
    /** The logarithm magnifies rounding of the smallest energies; the reference rounds to f32 as well. */
    private static final double FEATURES = 1e-6;

    /** Long clips are for fast kernels. */
    private static final int SHORT = 100_000;

    static Stream<Arguments> checkpoints() {
        return OpenAsr.kinds().stream().flatMap(kind -> LasrGolden.all().stream()
                .map(name -> Arguments.argumentSet(name + " " + kind, name, kind)));
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void everyStageIsTheReference(String name, Kind kind) {
        var golden = LasrGolden.of(name);
        try (var open = new OpenAsr(kind, WorkingFormat.EXACT, golden.folder())) {
            long seen = golden.cases().stream()
                    .filter(c -> golden.samples(c)
                            .filter(samples -> kind != Kind.SCALAR || samples.length < SHORT)
                            .isPresent())
                    .peek(c -> check(golden, c, open))
                    .count();
            assertThat(seen).isGreaterThanOrEqualTo(2);
        }
    }

    private static void check(LasrGolden golden, Case c, OpenAsr open) {
        float[] samples = golden.samples(c).orElseThrow();
        float[] features = new LogMel().of(samples);
        golden.expected(c, "features").ifPresent(wanted -> close(c, "features", features, wanted, FEATURES));
        var stages = open.recogniser().ofFeatures(features);
        golden.expected(c, "encoder").ifPresent(wanted -> close(c, "encoder", stages.encoder(), wanted, EXACT));
        golden.expected(c, "logits").ifPresent(wanted -> close(c, "logits", stages.logits(), wanted, EXACT));
        var emissions = open.recogniser().emissions(samples);
        int blank = open.model().config().blank();
        assertThat(Ctc.best(emissions)).as("%s: argmax", c).isEqualTo(c.ids(c.has("whole") ? "whole" : "argmax"));
        int[] ids = Ctc.greedy(emissions, blank);
        if (c.has("collapsed")) {
            assertThat(ids).as("%s: collapsed", c).isEqualTo(c.ids("collapsed"));
        }
        var tokenizer = open.model().tokenizer().orElseThrow();
        String plain = c.text(c.has("plain") ? "plain" : "text_skip_special");
        assertThat(tokenizer.decode(ids, Specials.KEEP)).as("%s: text", c).isEqualTo(c.text("text"));
        assertThat(tokenizer.decode(ids, Specials.SKIP)).as("%s: text", c).isEqualTo(plain);
        if (c.has("ctc_ref_ids")) {
            checkLoss(c, emissions, blank);
            assertThat(tokenizer.encode(c.text("ctc_ref"))).isEqualTo(c.ids("ctc_ref_ids"));
        }
    }

    /** PyTorch's mean: the loss of a clip is divided by the length of its text. */
    private static void checkLoss(Case c, Emissions emissions, int blank) {
        int[] wanted = c.ids("ctc_ref_ids");
        double loss = -CtcAlignment.logLikelihood(emissions, wanted, blank) / wanted.length;
        double reference = c.real("ctc_loss_mean");
        // without a path the loss is infinite, which the reference was told to count as zero
        assertThat(Double.isInfinite(loss) ? 0 : loss)
                .as("%s: loss", c)
                .isCloseTo(reference, Offset.offset(EXACT * Math.max(1, reference)));
    }

    private static void close(Case c, String stage, float[] actual, float[] expected, double bound) {
        assertThat(LasrGolden.distance(actual, expected)).as("%s: %s", c, stage).isLessThan(bound);
    }

    @Test
    void otherFormatsAreNear() {
        var golden = LasrGolden.of("lasr-a");
        var c = golden.named("dictation_b");
        float[] wanted = golden.expected(c, "logits").orElseThrow();
        for (var format : WorkingFormat.values()) {
            try (var open = new OpenAsr(OpenAsr.kinds().getLast(), format, golden.folder())) {
                float[] logits = open.recogniser().logits(golden.samples(c).orElseThrow());
                double distance = LasrGolden.distance(logits, wanted);
                assertThat(distance).as("%s", format).isLessThan(format == WorkingFormat.EXACT ? EXACT : 0.05);
            }
        }
    }
}
