package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VerifyTest {
    @TempDir
    Path folder;

    private static String golden(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("golden").resolve(name);
            if (Files.exists(file)) return file.toString();
        }
        throw new IllegalStateException("golden/" + name + " is missing from the project");
    }

    private static Run verify(String model, String golden, String... more) {
        return Run.of(Stream.concat(
                        Stream.of("verify", "--model", model, "--golden", golden, "--progress", "silent"),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({"gemma3-a, bf16-rounded", "gemma3-b, exact", "gemma3-c, exact"})
    void publishedCheckpointsPass(String name, String angles) {
        Run run = verify(golden(name), golden(name));
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).containsPattern("angles +" + angles).endsWith("passed" + System.lineSeparator());
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"BF16", "Q8_0", "Q4_0"})
    void ggufPassesExactAndAsStored(String type) {
        String[] mmproj = {"--mmproj", golden("gguf-a/mmproj-F16.gguf")};
        String model = golden("gguf-a/text-%s.gguf".formatted(type));
        Run exact = verify(model, golden("gguf-a"), mmproj);
        assertThat(exact.exit()).as(exact.out() + exact.err()).isZero();
        Run stored = verify(model, golden("gguf-a"), mmproj[0], mmproj[1], "--quant", "stored");
        assertThat(stored.exit()).as(stored.out() + stored.err()).isZero();
        assertThat(stored.out()).contains("logits_last: mean cosine 0.999", "least 0.999", ": met");
    }

    @Test
    void aPackedFileIsAModelToo() {
        String packed = folder.resolve("model.konsil").toString();
        assertThat(Run.of("import", golden("gemma3-a"), packed, "--quant", "bf16")
                        .exit())
                .isZero();
        Run run = verify(packed, golden("gemma3-a"), "--json");
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .contains("\"angles\" : \"bf16-rounded\"", "\"passed\" : true", "\"stage\" : \"image_features\"")
                .doesNotContain("first_off");
    }

    @Test
    void valuesOfAnotherModelDiffer() {
        Run run = verify(golden("gguf-a/text-Q4_0.gguf"), golden("gemma3-a"));
        assertThat(run.exit()).isEqualTo(Exit.NEGATIVE.code());
        assertThat(run.out()).contains("DIFFERS. First stage that is off: logits_last of case text, difference");
        assertThat(run.out()).contains("case one_image: not run, the model takes no images");
    }

    @Test
    void anotherTypeThanTheDirectoryHasIsRefused() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("golden"));
        Files.copy(Path.of(golden("gguf-a/cases.json")), copy.resolve("cases.json"));
        Files.copy(Path.of(golden("gguf-a/blocks.safetensors")), copy.resolve("expected.safetensors"));
        Run run = verify(golden("gemma3-a"), copy.toString());
        assertThat(run.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(run.err()).contains("holds values for weights in Q2_K", "those of the model are in BF16");
    }

    @Test
    void mistakesAreNamed() {
        assertThat(Run.of("verify", "--model", golden("gemma3-a")).exit()).isEqualTo(Exit.USAGE.code());
        Run none = verify(golden("gemma3-a"), golden("text"));
        assertThat(none.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(none.err()).contains("text: want a golden directory with cases.json");
        assertThat(verify("no/such", golden("gemma3-a")).err()).contains("no/such: there is no such file or folder");
        Run format = verify(golden("gemma3-a"), golden("gemma3-a"), "--quant", "q5");
        assertThat(format.err()).contains("--quant q5: want exact, stored, bf16, q8_0 or q4_0");
        assertThat(format.exit()).isEqualTo(Exit.BAD_INPUT.code());
    }
}
