package konsil.media.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import konsil.media.BadMediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grey values and pictures from stored values. */
class FramePictureTest {
    private static final String EXPLICIT = "1.2.840.10008.1.2.1";

    private static DicomWriter grey(String photometric, boolean signed, int... values) {
        var w = DicomWriter.explicitLittle().image(1, values.length, 1, new int[] {16, 16}, signed, photometric);
        return w.bytes(Tag.PIXEL_DATA, "OW", w.words(values));
    }

    private static byte[] picture(DicomWriter w) {
        DicomFile file = w.open(EXPLICIT);
        return FramePicture.of(file, file.pixels().frame(0), file.frames().getFirst())
                .samples();
    }

    private static int[] levels(DicomWriter w) {
        byte[] rgb = picture(w);
        int[] levels = new int[rgb.length / 3];
        for (int i = 0; i < levels.length; i++) {
            assertThat(rgb[3 * i + 1]).isEqualTo(rgb[3 * i]);
            assertThat(rgb[3 * i + 2]).isEqualTo(rgb[3 * i]);
            levels[i] = rgb[3 * i] & 0xFF;
        }
        return levels;
    }

    @Test
    void rescales() {
        DicomFile file = grey("MONOCHROME2", true, -1000, 0, 7)
                .text(Tag.RESCALE_SLOPE, "DS", "2")
                .text(Tag.RESCALE_INTERCEPT, "DS", "-24.5")
                .open(EXPLICIT);
        float[] values =
                GreyValues.of(file, file.pixels().frame(0), file.frames().getFirst());
        assertThat(values).containsExactly(-2024.5f, -24.5f, -10.5f);
    }

    @Test
    void looksModalityValuesUp() {
        var w = grey("MONOCHROME2", false, 0, 10, 11, 99);
        var table = w.again().us(Tag.LUT_DESCRIPTOR, 3, 10, 16).us(Tag.LUT_DATA, 100, 300, 500);
        DicomFile file = w.sequence(Tag.MODALITY_LUT_SEQUENCE, true, table).open(EXPLICIT);
        float[] values =
                GreyValues.of(file, file.pixels().frame(0), file.frames().getFirst());
        assertThat(values).containsExactly(100, 100, 300, 500);
    }

    /** The examples of PS3.3 section C.11.2.1.2.1 for 12 bits, and the formulas at their ends. */
    @ParameterizedTest
    @CsvSource({
        "2048,4096,LINEAR,0,0",
        "2048,4096,LINEAR,4095,255",
        "2048,1,LINEAR,2047,0",
        "2048,1,LINEAR,2048,255",
        "40,400,LINEAR_EXACT,-160,0",
        "40,400,LINEAR_EXACT,40,128",
        "40,400,LINEAR_EXACT,240,255",
        "40,400,LINEAR_EXACT,1e9,255",
        "40,400,SIGMOID,40,128",
        "40,400,SIGMOID,140,186",
    })
    void windows(double center, double width, VoiWindow.Function function, double value, int level) {
        assertThat(new VoiWindow(center, width, function).grey(value)).isEqualTo(level);
    }

    @Test
    void refusesAWindowWithoutWidth() {
        assertThatThrownBy(() -> new VoiWindow(0, 0, VoiWindow.Function.LINEAR_EXACT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(VoiWindow.of(0, -1, "")).isEmpty();
        assertThat(VoiWindow.of(0, 0.5, "").orElseThrow().function()).isEqualTo(VoiWindow.Function.LINEAR_EXACT);
    }

    @Test
    void showsGreyThroughTheFirstWindowOrAllOfIt() {
        var windowed = grey("MONOCHROME2", false, 0, 100, 200)
                .text(Tag.WINDOW_CENTER, "DS", "100.5\\7")
                .text(Tag.WINDOW_WIDTH, "DS", "201\\9");
        assertThat(levels(windowed)).containsExactly(0, 128, 255);
        assertThat(levels(grey("MONOCHROME2", false, 50, 100, 150))).containsExactly(0, 128, 255);
        assertThat(levels(grey("MONOCHROME1", false, 50, 100, 150))).containsExactly(255, 127, 0);
        var padded =
                grey("MONOCHROME2", true, -2000, 50, 150).bytes(Tag.PIXEL_PADDING_VALUE, "SS", windowed.words(-2000));
        assertThat(levels(padded)).containsExactly(0, 0, 255);
        assertThat(levels(grey("MONOCHROME2", false, 5, 5))).containsExactly(128, 128);
    }

    @Test
    void showsGreyThroughTheFilesTable() {
        var w = grey("MONOCHROME2", false, 0, 1, 2);
        var table = w.again().us(Tag.LUT_DESCRIPTOR, 3, 0, 12).us(Tag.LUT_DATA, 4095, 0, 2048);
        assertThat(levels(w.sequence(Tag.VOILUT_SEQUENCE, false, table))).containsExactly(255, 0, 128);
    }

    private static DicomWriter palette(int bits, String dataVr, byte[][] tables) {
        var w = DicomWriter.explicitLittle().image(1, 3, 1, new int[] {8, 8}, false, "PALETTE COLOR");
        for (int c = 0; c < 3; c++) {
            w.us(Tag.RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR + c, 2, 5, bits);
            w.bytes(Tag.RED_PALETTE_COLOR_LOOKUP_TABLE_DATA + c, dataVr, tables[c]);
        }
        return w.bytes(Tag.PIXEL_DATA, "OB", new byte[] {0, 6, 99});
    }

    @Test
    void looksPalettesUp() {
        var words = DicomWriter.explicitLittle();
        byte[][] wide = {words.words(0x1100, 0xFF00), words.words(0x2200, 0x8000), words.words(0x3300, 0)};
        assertThat(picture(palette(16, "OW", wide))).containsExactly(0x11, 0x22, 0x33, -1, -128, 0, -1, -128, 0);
        byte[][] octets = {{1, 2}, {3, 4}, {5, 6}};
        assertThat(picture(palette(8, "OW", octets))).containsExactly(1, 3, 5, 2, 4, 6, 2, 4, 6);
        var none = DicomWriter.explicitLittle().image(1, 1, 1, new int[] {8, 8}, false, "PALETTE COLOR");
        none.bytes(Tag.PIXEL_DATA, "OB", new byte[1]);
        assertThatThrownBy(() -> picture(none))
                .isInstanceOf(BadMediaException.class)
                .hasMessageContaining("(0028,1101) RedPaletteColorLookupTableDescriptor: the palette is missing");
    }

    @Test
    void expandsSegmentedPalettes() {
        var w = DicomWriter.explicitLittle().image(1, 5, 1, new int[] {8, 8}, false, "PALETTE COLOR");
        for (int c = 0; c < 3; c++) {
            w.us(Tag.RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR + c, 7, 0, 16);
            // One entry, two on the way to 0x3000, then both segments again.
            byte[] segments = w.words(0, 1, 0x1000, 1, 2, 0x3000, 2, 2, 0, 0);
            w.bytes(Tag.SEGMENTED_RED_PALETTE_COLOR_LOOKUP_TABLE_DATA + c, "OW", segments);
        }
        byte[] rgb = picture(w.bytes(Tag.PIXEL_DATA, "OB", new byte[] {0, 1, 2, 3, 5}));
        assertThat(new int[] {rgb[0], rgb[3], rgb[6], rgb[9], rgb[12]}).containsExactly(0x10, 0x20, 0x30, 0x10, 0x30);
    }

    private static byte[] colour(String photometric, int... samples) {
        var w = DicomWriter.explicitLittle().image(1, samples.length / 3, 3, new int[] {8, 8}, false, photometric);
        byte[] bytes = new byte[samples.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) samples[i];
        }
        return picture(w.bytes(Tag.PIXEL_DATA, "OB", bytes));
    }

    @Test
    void resolvesColours() {
        assertThat(colour("RGB", 1, 2, 3)).containsExactly(1, 2, 3);
        assertThat(colour("YBR_FULL", 76, 85, 255)).containsExactly(-2, 0, 0);
        assertThat(colour("YBR_FULL", 255, 128, 128, 0, 128, 128)).containsExactly(-1, -1, -1, 0, 0, 0);
        assertThat(colour("YBR_PARTIAL_420", 235, 128, 128, 16, 128, 128)).containsExactly(-1, -1, -1, 0, 0, 0);
        assertThatThrownBy(() -> colour("HSV", 1, 2, 3)).hasMessageContaining("this colour model is not shown");
    }

    @Test
    void keepsTheHighByteOfDeepColours() {
        var w = DicomWriter.explicitLittle().image(1, 1, 3, new int[] {16, 12}, false, "RGB");
        assertThat(picture(w.bytes(Tag.PIXEL_DATA, "OW", w.words(0xFFF, 0x7F0, 0x01F))))
                .containsExactly(-1, 127, 1);
    }
}
