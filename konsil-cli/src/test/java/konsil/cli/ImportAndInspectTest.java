package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportAndInspectTest {
    @TempDir
    Path folder;

    private static String golden(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("golden").resolve(name);
            if (Files.exists(file)) return file.toString();
        }
        throw new IllegalStateException("golden/" + name + " is missing from the project");
    }

    private String target() {
        return folder.resolve("model.konsil").toString();
    }

    @Test
    void importsAndShowsAPackedFile() {
        var imported = Run.of("import", golden("gemma3-a"), target(), "--quant", "q4_0", "--rule", "vision*=bf16");
        assertThat(imported.exit()).as(imported.err()).isZero();
        assertThat(imported.out()).contains("tensors Q4_0", "tensors BF16", "tensors as in the source", "identity ");

        var shown = Run.of("inspect", target());
        assertThat(shown.exit()).isZero();
        assertThat(shown.out())
                .contains("konsil v1, ", "identity  ", "source    model.safetensors  sha256 ", "file      config.json")
                .contains("file      tokenizer.konsil")
                .contains("metadata  konsil.format = Q4_0")
                .containsPattern("mm_input_projection_weight +BF16|mm_input_projection_weight +Q4_0 +\\[64, 128]")
                .containsPattern(
                        "tensor    language_model.model.norm.weight +BF16 +\\[128] +256 B +sha256 \\p{XDigit}{12}");
    }

    @Test
    void verifiesAPackedFileAndFindsDamage() throws IOException {
        assertThat(Run.of("import", golden("gemma3-a"), target()).exit()).isZero();
        var whole = Run.of("inspect", target(), "--verify", "--json", "--tensors", "none");
        assertThat(whole.exit()).isZero();
        assertThat(whole.out()).contains("\"verified\" : true", "\"tensors\" : [ ]");

        byte[] bytes = Files.readAllBytes(Path.of(target()));
        bytes[bytes.length - 20]++;
        Files.write(Path.of(target()), bytes);
        var damaged = Run.of("inspect", target(), "--verify", "--tensors", "none");
        assertThat(damaged.exit()).isEqualTo(Exit.NEGATIVE.code());
        assertThat(damaged.out()).contains("verified: false", "its bytes have changed since the import");
    }

    @Test
    void showsGgufAndSafetensors() {
        var gguf = Run.of("inspect", golden("gguf-a/text-Q8_0.gguf"), "--json", "--tensors", "blk.0.ffn_*");
        assertThat(gguf.exit()).isZero();
        assertThat(gguf.out())
                .contains("\"format\" : \"GGUF v3\"", "\"tokenizer.ggml.tokens\" : \"1024 items of TEXT\"")
                .contains("\"gemma3.attention.layer_norm_rms_epsilon\" : 1.0E-6")
                .contains("\"name\" : \"blk.0.ffn_gate.weight\"")
                .doesNotContain("blk.1.");

        var safetensors = Run.of("inspect", golden("formats/dtypes.safetensors"), "--verify");
        assertThat(safetensors.exit()).isZero();
        assertThat(safetensors.out()).contains("float8_e4m3fn ", "F8_E4M3", "[2, 8]", "sha256: {dtypes.safetensors=");
    }

    @Test
    void joinsTextAndImageGguf() {
        var imported = Run.of(
                "import",
                golden("gguf-a/text-Q4_0.gguf"),
                target(),
                "--quant",
                "q4_0",
                "--with",
                golden("gguf-a/mmproj-F16.gguf"),
                "--json");
        assertThat(imported.exit()).as(imported.err()).isZero();
        assertThat(imported.out()).contains("\"identity\" : \"");
        assertThat(Run.of("inspect", target(), "--tensors", "v.*").out()).contains("v.patch_embd.weight");
    }

    @Test
    void keepsFilesThatAreNoPackedOnes() throws IOException {
        Files.writeString(Path.of(target()), "a letter");
        var refused = Run.of("import", golden("gemma3-a"), target());
        assertThat(refused.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(refused.err()).contains("exists and is no packed Konsil file");
        assertThat(Path.of(target())).hasContent("a letter");
    }

    @Test
    void mistakesAreNamed() {
        var format = Run.of("import", golden("gemma3-a"), target(), "--quant", "q5");
        assertThat(format.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(format.err()).contains("--quant q5: want f32, bf16, q8_0 or q4_0");
        var rule = Run.of("import", golden("gemma3-a"), target(), "--rule", "vision");
        assertThat(rule.err()).contains("--rule vision: want GLOB=FORMAT");
        var missing = Run.of("inspect", folder.resolve("no.gguf").toString());
        assertThat(missing.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(missing.err()).contains("no.gguf: there is no such file").doesNotContain("\tat ");
    }
}
