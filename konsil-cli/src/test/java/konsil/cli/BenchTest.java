package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import konsil.kernel.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How fast things are is not tested, only that every figure is there; needs a processor that runs machine code. */
final class BenchTest {
    private static void assumeMachineCode() {
        var limits = Limits.here();
        assumeThat(limits).as("machine code").isPresent();
        limits.orElseThrow().close();
    }

    @Test
    void measuresStudiesBesideTheirAims() {
        Run run = Run.of("bench", "study", "--shape", "tiny");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("RLE slice", "(aim: at most 5 ms", "(aim: at most 25 ms", "(aim: at most 120 ms")
                .contains("3 uncompressed slices", "open a slide of 1 GB", "2 patches of it");
    }

    @Test
    void everyFigureOfAModelIsThere() {
        assumeMachineCode();
        Run run = Run.of("bench", "model", "--shape", "tiny", "--cores", "1", "--context", "300", "--curve");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceFirst("  +1 core .*", "")))
                .contains(
                        "load",
                        "prompt of 512 tokens",
                        "prompt of 4096 tokens",
                        "answer after 16 tokens",
                        "answer after 300 tokens",
                        "4 answers at once",
                        "image of 224 x 224",
                        "image of 224 x 224, int8",
                        "follow-up on 1 slices",
                        "peak memory",
                        "curve, 1024 tokens",
                        "curve, 1024 tokens, each");
        assertThat(run.out()).contains("% of read", "% of int8 peak", "% of one answer", "% of the first");
    }

    @Test
    void oneFigureAloneAsJson() {
        assumeMachineCode();
        Run run = Run.of(
                "bench", "model", "--shape", "tiny", "--cores", "1", "--only", "image", "--quant", "q4_0", "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("\"load\"", "\"image of 224 x 224\"", "\"share_percent\"", "\"speedups\"")
                .doesNotContain("prompt of", "peak memory");
    }

    @Test
    void everyFigureOfDictationIsThere() {
        assumeMachineCode();
        Run run = Run.of("bench", "asr", "--shape", "tiny", "--cores", "1", "--quant", "q8_0");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceFirst("  +1 core .*", "")))
                .contains(
                        "first text of 2 s, loading too",
                        "30 s of sound",
                        "beam with a 6-gram, 30 s, more",
                        "65 s of sound in windows",
                        "share of real time",
                        "peak memory");
        assertThat(run.out()).contains("% of int8 peak", "% of 30 s of sound");
        assertThat(Run.of("bench", "asr", "--quant", "q4_0").err()).contains("want f32, bf16 or q8_0 for asr");
    }

    @Test
    void everyFigureOfAnAdapterIsThere() {
        assumeMachineCode();
        Run run = Run.of("bench", "train", "--only", "adapter", "--shape", "tiny", "--cores", "1");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceFirst("  +1 core .*", "")))
                .contains("adapter, 512 tokens", "peak memory");
        assertThat(run.out()).contains("% of int8 peak forth, f32 peak back", "aim: at most 12");
        assertThat(Run.of("bench", "train", "--only", "decode").err()).contains("want pocket or adapter, got decode");
    }

    @ParameterizedTest
    @CsvSource({
        "--only, everything, 'want one of prefill, decode, batch, image, follow-up, memory, curve, got everything'",
        "--context, 0, want 1 to 131072",
        "--cache, q4_0, 'want f32, bf16 or q8_0'",
        "--quant, q9, 'want f32, bf16, q8_0 or q4_0'",
        "--shape, huge, 'medgemma-27b or tiny'"
    })
    void wrongWordsAreRefusedBeforeAnythingIsMeasured(String option, String value, String message) {
        assumeMachineCode();
        Run run = Run.of("bench", "model", option, value);
        assertThat(run.exit()).isNotZero();
        assertThat(run.err()).contains(message);
        assertThat(run.out()).isEmpty();
    }
}
