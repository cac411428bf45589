package konsil.medgemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import konsil.medgemma.PixelSettings.Framing;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelSettingsTest {
    private static final String PUBLISHED = """
            {"do_convert_rgb": null, "do_normalize": true, "do_pan_and_scan": null, "do_rescale": true,
             "do_resize": true, "image_mean": [0.5, 0.5, 0.5], "image_processor_type": "Gemma3ImageProcessor",
             "image_seq_length": 256, "image_std": [0.5, 0.5, 0.5], "pan_and_scan_max_num_crops": null,
             "pan_and_scan_min_crop_size": null, "pan_and_scan_min_ratio_to_activate": null,
             "processor_class": "Gemma3Processor", "resample": 2, "rescale_factor": 0.00392156862745098,
             "size": {"height": 896, "width": 896}}""";

    private static Optional<Fields> fields(String name, String json) {
        var bytes = MemorySegment.ofArray(json.getBytes(StandardCharsets.UTF_8));
        var file = Path.of("model", name);
        return Optional.of(Fields.of(file, Json.parse(bytes, file, JsonLimits.settings())));
    }

    private static PixelSettings read(String preprocessor, int side) {
        return PixelSettings.of(Optional.empty(), fields("preprocessor_config.json", preprocessor), side);
    }

    @Test
    void thePublishedFileIsTheStandard() {
        assertThat(read(PUBLISHED, 896)).isEqualTo(PixelSettings.gemma(896));
        assertThat(PixelSettings.of(Optional.empty(), Optional.empty(), 896)).isEqualTo(PixelSettings.gemma(896));
    }

    @Test
    void readsTheGoldenCheckpoint() throws IOException {
        Path folder = PixelGolden.path("gemma3-a");
        var settings =
                PixelSettings.of(file(folder, "processor_config.json"), file(folder, "preprocessor_config.json"), 112);
        assertThat(settings).isEqualTo(PixelSettings.gemma(112));
    }

    private static Optional<Fields> file(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        return Optional.of(Fields.of(file, Json.read(file, JsonLimits.settings())));
    }

    @Test
    void theNestedPartOfProcessorConfigComesFirst() {
        var processor = fields("processor_config.json", """
                {"image_seq_length": 16, "image_processor": {"size": {"height": 28, "width": 28},
                 "image_mean": [0, 0.25, 1], "image_std": [1, 2, 0.5], "data_format": "channels_first"}}""");
        var settings = PixelSettings.of(processor, fields("preprocessor_config.json", PUBLISHED), 28);
        assertThat(settings.mean()).isEqualTo(List.of(0.0, 0.25, 1.0));
        assertThat(settings.std()).isEqualTo(List.of(1.0, 2.0, 0.5));
        assertThat(settings.rescaleFactor()).isEqualTo(1.0 / 255);
    }

    @Test
    void panAndScanIsOnWhenTheFileSaysSo() {
        String on = PUBLISHED.replace("\"do_pan_and_scan\": null", "\"do_pan_and_scan\": true");
        assertThat(read(on, 896).panAndScan()).contains(PanAndScan.DEFAULT);
        String other = on.replace("\"pan_and_scan_max_num_crops\": null", "\"pan_and_scan_max_num_crops\": 2");
        assertThat(read(other, 896).panAndScan()).contains(new PanAndScan(256, 2, 1.2));
    }

    @Test
    void framingAndPanAndScanCanBeChosen() {
        var settings = PixelSettings.gemma(28).with(Framing.PADDED).with(Optional.of(PanAndScan.DEFAULT));
        assertThat(settings.framing()).isEqualTo(Framing.PADDED);
        assertThat(settings.panAndScan()).contains(PanAndScan.DEFAULT);
        assertThat(settings.with(Framing.STRETCHED).with(Optional.empty())).isEqualTo(PixelSettings.gemma(28));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"do_resize\": true | \"do_resize\": false | do_resize: want true",
                "\"do_rescale\": true | \"do_rescale\": false | do_rescale: want true",
                "\"do_normalize\": true | \"do_normalize\": false | do_normalize: want true",
                "\"resample\": 2 | \"resample\": 3 | resample: want 2, bilinear",
                "\"resample\": 2 | \"do_pad\": true | do_pad: want false",
                "\"resample\": 2 | \"do_center_crop\": true | do_center_crop: want false",
                "\"resample\": 2 | \"data_format\": \"channels_last\" | data_format: want channels_first",
                "\"resample\": 2 | \"sharpen\": 1 | what to do with sharpen;",
                "\"height\": 896 | \"height\": 448 | size: want the vision tower's 896 x 896 pixels, got 896 x 448",
                "\"height\": 896 | \"shortest_edge\": 896 | size.height: is missing",
                "\"height\": 896 | \"height\": 0 | size: want 1 to 16384 pixels on a side, got 896 x 0",
                "\"image_mean\": [0.5, 0.5, 0.5] | \"image_mean\": [0.5] | want three numbers each",
                "\"image_mean\": [0.5, 0.5, 0.5] | \"image_mean\": [0.5, true, 0.5] | image_mean: want three numbers",
                "\"image_std\": [0.5, 0.5, 0.5] | \"image_std\": [0.5, 0, 0.5] | none of image_std 0",
                "\"Gemma3ImageProcessor\" | \"ViTImageProcessor\" | image_processor_type: want Gemma3ImageProcessor",
            })
    void refusesWhatItDoesNotDo(String from, String to, String message) {
        String changed = PUBLISHED.replace(from, to);
        assertThat(changed).isNotEqualTo(PUBLISHED);
        assertThatThrownBy(() -> read(changed, 896))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith("preprocessor_config.json: ")
                .hasMessageContaining(message);
    }
}
