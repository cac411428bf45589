package konsil.medasr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.WeightFormat;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import konsil.tensor.file.ImportSettings;
import konsil.tensor.file.Importer;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same weights under other names and in other files give the same logits, to the bit. */
final class MedAsrLoadingTest {
    private static final LasrGolden GOLDEN = LasrGolden.of("lasr-b");
    private static final float[] SOUND = TestSound.of(5, 17_003);

    @TempDir
    Path folder;

    private static float[] logits(WorkingFormat format, Path path) {
        try (var open = new OpenAsr(Kind.SCALAR, format, path)) {
            return open.recogniser().logits(SOUND);
        }
    }

    private void renamed(UnaryOperator<String> toName, NewTensor... more) throws IOException {
        Files.copy(GOLDEN.folder().resolve("config.json"), folder.resolve("config.json"));
        var tensors = new ArrayList<>(List.of(more));
        try (var source = Checkpoint.open(GOLDEN.folder())) {
            for (String name : source.names()) {
                var info = source.info(name);
                tensors.add(new NewTensor(toName.apply(name), info.type(), info.shape(), source.bytes(name)));
            }
            SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "base_model.model.", "module."})
    void wrappedNames(String wrapper) throws IOException {
        var inert = NewTensor.of("encoder.rotary_emb.inv_freq", FileType.F32, new float[] {1}, 1);
        renamed(name -> wrapper + name, inert);
        assertThat(logits(WorkingFormat.EXACT, folder)).isEqualTo(logits(WorkingFormat.EXACT, GOLDEN.folder()));
    }

    @Test
    void packedFilesInEveryWorkingFormat() throws IOException {
        Path packed = folder.resolve("model.konsil");
        try (var source = Checkpoint.open(GOLDEN.folder())) {
            new Importer(source, new ImportSettings(WeightFormat.F32, List.of()), new Importer.Progress() {
                        @Override
                        public void begin(long totalBytes) {}

                        @Override
                        public void advance(long bytes) {}
                    })
                    .run(packed);
        }
        for (var format : WorkingFormat.values()) {
            assertThat(logits(format, packed)).as("%s", format).isEqualTo(logits(format, GOLDEN.folder()));
        }
        try (var open = new OpenAsr(Kind.SCALAR, WorkingFormat.STORED, packed)) {
            assertThat(open.model().tokenizer().orElseThrow().size()).isEqualTo(52);
        }
    }

    @Test
    void everythingThatDoesNotFitIsReportedAtOnce() throws IOException {
        renamed(name -> name.endsWith("layers.1.self_attn.q_proj.weight") ? "extra.weight" : name);
        String config = Files.readString(folder.resolve("config.json"));
        assertThat(config).contains("\"vocab_size\": 52");
        Files.writeString(folder.resolve("config.json"), config.replace("\"vocab_size\": 52", "\"vocab_size\": 53"));
        assertThatThrownBy(() -> logits(WorkingFormat.EXACT, folder))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("encoder.layers.1.self_attn.q_proj.weight [48, 48]")
                .hasMessageContaining("ctc_head.weight: want [53, 48, 1], got [52, 48, 1]")
                .hasMessageContaining("1 never read:\n    extra.weight");
    }
}
