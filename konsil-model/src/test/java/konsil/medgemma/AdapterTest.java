package konsil.medgemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.Workers;
import konsil.tensor.file.BadFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters that PEFT wrote, and what PEFT computes with them. */
final class AdapterTest {
    private static final double EXACT = 2e-5;

    @TempDir
    private Path temporary;

    private static Golden.Case named(Golden golden, String name) {
        return golden.cases().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static float[] logits(OpenModel open, MedGemma model, Golden.Case c) {
        var golden = Golden.of("gemma3-a");
        try (var runner = new Runner(model, 1L << 30);
                var cache = model.cache(1024, 1024)) {
            var images = c.images().stream()
                    .map(image -> runner.encode(golden.pixels(image)))
                    .toList();
            return runner.prefill(cache, open.sequence(c), images);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "final,text,56",
        "final,one_image,56",
        "final,text_system,56",
        "patterns,text,56",
        "patterns,one_image,56",
        "tower,text,39",
        "tower,one_image,39"
    })
    void computesWhatPeftComputes(String adapter, String name, int matrices) throws IOException {
        var golden = Golden.of("gemma3-a");
        var expected = Golden.of("lora-a");
        try (var open = new OpenModel(Kind.MACHINE, LoadOptions.of(WorkingFormat.EXACT), golden.folder());
                var workers = new Workers(1);
                var worn = Adapter.load(expected.file(adapter), workers)) {
            assertThat(worn.matrices()).isEqualTo(matrices);
            var c = named(golden, name);
            float[] with = logits(open, open.model().adapted(worn), c);
            float[] want = expected.values("expected.safetensors", "%s.%s.logits_last".formatted(adapter, name));
            assertThat(Golden.distance(with, want)).isLessThan(EXACT);
            assertThat(Golden.distance(logits(open, open.model(), c), want)).isGreaterThan(100 * EXACT);
        }
    }

    private Path copy(String adapter) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve(adapter));
        for (String name : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
            Files.copy(Golden.of("lora-a").file(adapter).resolve(name), folder.resolve(name));
        }
        return folder;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"r\": 8|\"r\": 4|want [4, 128], got [8, 128]",
                "\"peft_type\": \"LORA\"|\"peft_type\": \"IA3\"|peft_type: want LORA",
                "\"use_dora\": false|\"use_dora\": true|use_dora: want false",
                "\"bias\": \"none\"|\"bias\": \"all\"|bias: want none",
                "\"revision\": null|\"revised\": 1|does not know what to do with revised",
                "\"r\": 8|\"r\": 0|r: want 1 to",
                "\"rank_pattern\": {}|\"rank_pattern\": {\"(\": 2}|rank_pattern: want patterns",
                "\"rank_pattern\": {}|\"rank_pattern\": {\"q_proj\": \"x\"}|want a number",
            })
    void whatIsNotUnderstoodIsRefused(String was, String is, String message) throws IOException {
        Path folder = copy("final");
        Path config = folder.resolve("adapter_config.json");
        String text = Files.readString(config);
        assertThat(text).contains(was);
        Files.writeString(config, text.replace(was, is));
        try (var workers = new Workers(1)) {
            assertThatThrownBy(() -> Adapter.load(folder, workers))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void otherModelsAreTold() throws IOException {
        try (var workers = new Workers(1)) {
            assertThatThrownBy(() -> Adapter.load(temporary, workers))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("want the folder of an adapter");
            try (var open = new OpenModel(
                            Kind.SCALAR,
                            LoadOptions.DEFAULT,
                            Golden.of("gemma3-b").folder());
                    var worn = Adapter.load(Golden.of("lora-a").file("final"), workers)) {
                assertThatThrownBy(() -> open.model().adapted(worn))
                        .isInstanceOf(BadFileException.class)
                        .hasMessageContaining("layers.")
                        .hasMessageContaining("model");
            }
        }
    }
}
