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
    void aFineTuningRunIsRepeated() throws IOException {
        Run run = verify(golden("gemma3-a"), golden("lora-a"));
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .containsPattern("matrices +56")
                .containsPattern("step 11, text_system +same")
                .endsWith("passed" + System.lineSeparator());
        Path copy = Files.createDirectories(folder.resolve("lora"));
        Files.createDirectory(copy.resolve("init"));
        for (String file : new String[] {"init/adapter_config.json", "init/adapter_model.safetensors"}) {
            Files.copy(Path.of(golden("lora-a/" + file)), copy.resolve(file));
        }
        String steps = Files.readString(Path.of(golden("lora-a/steps.json")));
        Files.writeString(copy.resolve("steps.json"), steps.replace("7.24392557144165", "7.26"));
        Run off = verify(golden("gemma3-a"), copy.toString());
        assertThat(off.exit()).isEqualTo(Exit.NEGATIVE.code());
        assertThat(off.out()).contains("First stage that is off: loss of case step 0, text, difference 2.2e-03");
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

    @ParameterizedTest
    @CsvSource({"lasr-a, exact", "lasr-b, exact", "lasr-a, bf16"})
    void dictationModelsPass(String name, String format) {
        Run run = verify(golden(name), golden(name), "--quant", format);
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .containsPattern("layout +lasr")
                .containsPattern("case .*encoder +logits +argmax")
                .endsWith("passed" + System.lineSeparator());
    }

    @Test
    void wrongDictationModelsDiffer() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("golden/cases")).getParent();
        String cases = Files.readString(Path.of(golden("lasr-a/cases.json")));
        Path values = Path.of(golden("lasr-a/cases/dictation_b.safetensors"));
        Files.copy(values, copy.resolve("cases/dictation_b.safetensors"));
        Files.writeString(copy.resolve("cases.json"), cases.replace("40.569", "40.9"));
        Run loss = verify(golden("lasr-a"), copy.toString());
        assertThat(loss.exit()).isEqualTo(Exit.NEGATIVE.code());
        assertThat(loss.out()).contains("First stage that is off: ctc_loss of case dictation_b, difference 8.1e-03");
        Files.writeString(copy.resolve("cases.json"), cases.replace("79acute 79acute 79ea", "79acute 79ea"));
        assertThat(verify(golden("lasr-a"), copy.toString()).out()).contains("is off: text of case dictation_b");
        Run other = verify(golden("lasr-b"), golden("lasr-a"));
        assertThat(other.exit()).isEqualTo(Exit.NEGATIVE.code());
        assertThat(other.out()).contains("is off: encoder of case");
        assertThat(verify(golden("lasr-a"), golden("lasr-a"), "--quant", "q4_0").err())
                .contains("not in q4_0");
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
