package konsil.medgemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import konsil.medgemma.PixelSettings.Framing;
import konsil.media.ImageFile;
import konsil.media.ImageSettings;
import konsil.media.Raster;
import konsil.tensor.Workspace;
import konsil.tensor.file.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PixelInputsTest {
    @ParameterizedTest
    @ValueSource(strings = {"gray_64x64.png", "landscape_640x500.png", "portrait_210x300.png"})
    void arePixelsOfTheGoldenModelToTheBit(String image) throws IOException {
        var picture = ImageFile.read(PixelGolden.path("gemma3-a/images/" + image), ImageSettings.pillow());
        var inputs = new PixelInputs(PixelSettings.gemma(112));
        var views = inputs.views(picture);
        assertThat(views).hasSize(1);
        try (var golden = Checkpoint.open(PixelGolden.path("gemma3-a/cases/pixels.safetensors"))) {
            assertThat(golden.info(image).shape()).containsExactly(3L, 112L, 112L);
            assertThat(inputs.values(views.getFirst())).isEqualTo(golden.f32(image));
        }
    }

    static Stream<List<String>> processed() {
        return PixelGolden.table("pixels.tsv");
    }

    @ParameterizedTest
    @MethodSource("processed")
    void areWhatTheImageProcessorGivesToTheBit(List<String> row) throws NoSuchAlgorithmException {
        var picture = PixelGolden.picture(Integer.parseInt(row.get(0)), Integer.parseInt(row.get(1)), row.get(2));
        var settings = new PixelSettings(
                Integer.parseInt(row.get(3)),
                Integer.parseInt(row.get(4)),
                1.0 / 255,
                numbers(row.subList(5, 8)),
                numbers(row.subList(8, 11)),
                row.get(11).equals("padded") ? Framing.PADDED : Framing.STRETCHED,
                row.get(12).equals("scan") ? Optional.of(PanAndScan.DEFAULT) : Optional.empty());
        var inputs = new PixelInputs(settings);
        var views = inputs.views(picture);
        assertThat(views).hasSize(Integer.parseInt(row.get(13)));
        var hash = MessageDigest.getInstance("SHA-256");
        for (Raster view : views) {
            float[] values = inputs.values(view);
            var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            hash.update(bytes);
        }
        assertThat(HexFormat.of().formatHex(hash.digest())).isEqualTo(row.get(14));
    }

    private static List<Double> numbers(List<String> texts) {
        return texts.stream().map(Double::valueOf).toList();
    }

    @Test
    void aTensorHoldsTheSameNumbers() {
        var inputs = new PixelInputs(PixelSettings.gemma(28));
        var view = inputs.views(PixelGolden.picture(40, 30, "noise")).getFirst();
        try (var space = new Workspace(1 << 20, Workspace.Leftovers.NAN)) {
            var tensor = inputs.tensor(space, view);
            assertThat(tensor.shape()).containsExactly(3, 28, 28);
            assertThat(tensor.toArray()).isEqualTo(inputs.values(view));
        }
    }

    @Test
    void refusesAPictureThatIsNoView() {
        var inputs = new PixelInputs(PixelSettings.gemma(28));
        assertThatThrownBy(() -> inputs.values(PixelGolden.picture(28, 27, "noise")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pixels: want a view of 28 x 28, got 28 x 27");
    }
}
