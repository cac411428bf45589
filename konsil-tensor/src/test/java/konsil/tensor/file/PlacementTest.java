package konsil.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import konsil.kernel.NativeMemory;
import konsil.kernel.WeightFormat;
import konsil.kernel.WeightPacker;
import konsil.kernel.Workers;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PlacementTest {
    private static final String EMBEDDING = "language_model.model.embed_tokens.weight";

    @TempDir
    private Path folder;

    /** And the file, whose pages were given back, still holds what it held. */
    @ParameterizedTest
    @EnumSource
    void aCopyHoldsTheSameElsewhere(WeightFormat format) throws IOException {
        Path target = folder.resolve("model.konsil");
        try (var source = Checkpoint.open(Golden.path("gemma3-a"))) {
            new Importer(source, new ImportSettings(format, List.of()), ImporterTest.SILENT).run(target);
        }
        try (var file = PackedFile.open(target);
                var workers = new Workers(2);
                var memory = new NativeMemory()) {
            var packer = new WeightPacker(workers);
            var weight = Weights.of(file).get(EMBEDDING, 1024, 128);
            var mapped = weight.matrix(Arrangement.OUT_FIRST, new Weight.Packing(format, packer, memory));
            var copying = new Weight.Packing(format, packer, memory, Placement.COPIED);
            var copied = weight.matrix(Arrangement.OUT_FIRST, copying);
            assertThat(copied.packed().data().address())
                    .isNotEqualTo(mapped.packed().data().address());
            assertThat(copied.packed().data().mismatch(mapped.packed().data())).isEqualTo(-1);
            file.verify(_ -> {});
        }
    }
}
