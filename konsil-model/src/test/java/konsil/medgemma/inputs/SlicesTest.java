package konsil.medgemma.inputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import konsil.media.Geometry;
import konsil.media.Raster;
import konsil.media.Vector3;
import konsil.media.Volume;
import konsil.media.Volume.Unit;
import konsil.media.Voxels;
import konsil.tensor.BadInputException;
import org.junit.jupiter.api.Test;

class SlicesTest {
    private static final SliceSampling ALL = SliceSampling.published();

    @Test
    void levelsAreThoseOfNumpy() {
        float[] hu = new float[11_203];
        for (int i = 0; i < 11_201; i++) {
            hu[i] = (i - 5600) / 4f;
        }
        hu[11_201] = -32768;
        hu[11_202] = 40000;
        var rows = InputGolden.table("ct.tsv").toList();
        assertThat(rows).hasSize(5);
        for (List<String> row : rows) {
            CtWindow window = CtWindow.parse(row.get(0)).getFirst();
            byte[] levels = new byte[hu.length];
            for (int i = 0; i < hu.length; i++) {
                levels[i] = (byte) window.level(hu[i]);
            }
            assertThat(HexFormat.of().formatHex(levels)).as(row.get(0)).isEqualTo(row.get(1));
        }
    }

    @Test
    void slicesAreChosenAsPublished() {
        for (List<String> row : InputGolden.table("slices.tsv").toList()) {
            var sampling = new SliceSampling(1, Integer.MAX_VALUE, Integer.parseInt(row.get(1)));
            int[] chosen = sampling.of(Integer.parseInt(row.get(0)));
            assertThat(Arrays.stream(chosen).mapToObj(String::valueOf).collect(Collectors.joining(" ")))
                    .isEqualTo(row.get(2));
        }
    }

    @Test
    void rangesAreWrittenFromOne() {
        assertThat(SliceSampling.parse("20..24", 85).of(100)).containsExactly(19, 20, 21, 22, 23);
        assertThat(SliceSampling.parse("..3", 85).of(100)).containsExactly(0, 1, 2);
        assertThat(SliceSampling.parse("99..", 85).of(100)).containsExactly(98, 99);
        assertThat(SliceSampling.parse("11..31", 2).of(100)).containsExactly(20, 30);
        for (String bad : new String[] {"", "20", "20-60", "a..b", "5..2", "0..3"}) {
            assertThatThrownBy(() -> SliceSampling.parse(bad, 85)).isInstanceOf(BadInputException.class);
        }
        assertThatThrownBy(() -> SliceSampling.parse("101..", 85).of(100))
                .hasMessage("slices: want a first of at most 100, got 101");
    }

    @Test
    void windowsAreOneOrThree() {
        assertThat(CtWindow.parse("-1024..1024, -135..215,0..80")).isEqualTo(CtWindow.PUBLISHED);
        assertThat(CtWindow.parse("0..80")).hasSize(3).containsOnly(new CtWindow(0, 80));
        assertThat(CtWindow.PUBLISHED.get(1)).hasToString("-135..215");
        for (String bad : new String[] {"", "0..80,1..2", "80..0", "0:80", "1..1", "0..1,0..1,0..1,0..1"}) {
            assertThatThrownBy(() -> CtWindow.parse(bad)).isInstanceOf(BadInputException.class);
        }
    }

    @Test
    void settingsAreReadFromWords() {
        assertThat(CtSettings.parse("", "", 85)).isEqualTo(CtSettings.published());
        var settings = CtSettings.parse("0..80", "20..60", 7);
        assertThat(settings.sampling()).isEqualTo(new SliceSampling(20, 60, 7));
        assertThat(settings.windowText()).isEqualTo("0..80,0..80,0..80");
        assertThat(CtSettings.parse(CtSettings.published().windowText(), "..", 85))
                .isEqualTo(CtSettings.published());
        assertThatThrownBy(() -> new CtSettings(List.of(), ALL)).isInstanceOf(BadInputException.class);
    }

    @Test
    void ctBecomesThreeWindowsAndNothingElseDoes() {
        Volume ct = InputGolden.ct(30, 20, 90);
        var slices = CtSlices.published(ct);
        assertThat(slices.count()).isEqualTo(85);
        assertThat(slices.slices().getFirst()).isEqualTo(2);
        assertThat(slices.slices().getLast()).isEqualTo(90);
        assertThat(slices.source(84)).isEqualTo("slice 90 of 90");
        Raster last = slices.picture(84);
        assertThat(last.width()).isEqualTo(30);
        float hu = ct.value(7, 3, 89);
        int at = 3 * (3 * 30 + 7);
        for (int colour = 0; colour < 3; colour++) {
            int level = CtWindow.PUBLISHED.get(colour).level(hu);
            assertThat(last.samples()[at + colour] & 0xFF).isEqualTo(level);
        }
        assertThatThrownBy(() -> CtSlices.published(ct.with(Unit.SIGNAL)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("show it as MR");
    }

    @Test
    void mrHasOneRangeAVolume() {
        for (List<String> row : InputGolden.table("mr.tsv").toList()) {
            String[] words = row.get(0).split(" ", -1);
            float[] values = new float[words.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.parseFloat(words[i]);
            }
            var slices = MrSlices.of(List.of(InputGolden.volume(Unit.SIGNAL, 2, values)), ALL);
            var levels = new StringBuilder();
            for (int s = 0; s < 2; s++) {
                byte[] samples = slices.picture(s).samples();
                for (int i = 0; i < samples.length; i += 3) {
                    assertThat(samples[i + 1]).isEqualTo(samples[i]);
                    levels.append(HexFormat.of().toHexDigits(samples[i]));
                }
            }
            assertThat(levels).hasToString(row.get(1));
        }
    }

    @Test
    void sequencesAreStackedThenSampled() {
        Volume first = InputGolden.volume(Unit.SIGNAL, 3, 0, 5, 10);
        Volume second = InputGolden.volume(Unit.SIGNAL, 2, 7, 700, 7, 0);
        var all = MrSlices.of(List.of(first, second), ALL);
        assertThat(IntStream.range(0, 5).mapToObj(all::source))
                .containsExactly(
                        "volume 1, slice 1 of 3",
                        "volume 1, slice 2 of 3",
                        "volume 1, slice 3 of 3",
                        "volume 2, slice 1 of 2",
                        "volume 2, slice 2 of 2");
        assertThat(all.picture(1).samples()).containsOnly(128);
        assertThat(all.picture(3).samples()).containsExactly(3, 3, 3, 255, 255, 255);
        var two = MrSlices.of(List.of(first, second), new SliceSampling(1, 100, 2));
        assertThat(two.slices()).containsExactly(3, 5);
        assertThatThrownBy(() -> MrSlices.of(List.of(), ALL)).isInstanceOf(BadInputException.class);
    }

    @Test
    void volumesAreTurnedToAxialSlices() {
        Volume axial = InputGolden.ct(4, 5, 3);
        assertThat(AxialVolume.of(axial)).isEqualTo(new AxialVolume(axial, "as stored"));
        assertThat(AxialVolume.of(axial.reversed()).how()).isEqualTo("as stored");
        var sagittal = new Volume(
                4,
                5,
                3,
                new Geometry(new Vector3(0, 0, 0), new Vector3(0, 1, 0), new Vector3(0, 0, -1), new Vector3(1, 0, 0)),
                Unit.SIGNAL,
                axial.voxels());
        AxialVolume turned = AxialVolume.of(sagittal);
        assertThat(turned.how()).isEqualTo("axes exchanged");
        assertThat(turned.volume().geometry().axes()).isEqualTo("LPS");
        assertThat(turned.volume().value(2, 1, 4)).isEqualTo(sagittal.value(1, 0, 2));
        var thick = new Volume(
                4,
                5,
                3,
                new Geometry(new Vector3(0, 0, 0), new Vector3(0, 1, 0), new Vector3(0, 0, -1), new Vector3(5, 0, 0)),
                Unit.SIGNAL,
                axial.voxels());
        assertThat(AxialVolume.of(thick).how()).isEqualTo("resliced");
        assertThat(AxialVolume.of(thick).volume().columns()).isEqualTo(11);
    }

    /**
     * Google's own test picture of its serving code. Its green window is 135..215, where a minus sign was lost; with
     * the published -135..215 red and blue stay the same.
     */
    @Test
    void agreesWithGooglesServingCodeButForItsGreenWindow() throws IOException {
        String named = System.getenv("KONSIL_DATA");
        Path ct = Path.of(named == null ? "/work/shared/data" : named).resolve("medgemma_official/testdata/ct");
        assumeTrue(Files.isDirectory(ct), "skipped: no folder " + ct);
        byte[] file = Files.readAllBytes(ct.resolve("test_series/image0.dcm"));
        int pixels = 512 * 512;
        // Implicit little endian, the pixels last: no parser is needed.
        var data = ByteBuffer.wrap(file, file.length - 2 * pixels, 2 * pixels).order(ByteOrder.LITTLE_ENDIAN);
        var stored = new short[pixels];
        data.asShortBuffer().get(stored);
        var volume = new Volume(
                512, 512, 1, Geometry.upright(1, 1, 1), Unit.HOUNSFIELD, new Voxels.Shorts(stored, false, 1, -1024));
        BufferedImage want = ImageIO.read(ct.resolve("ct_force_rgb_window.png").toFile());
        var served = CtSettings.parse("-1024..1024,135..215,0..80", "", 85);
        Raster got = CtSlices.of(List.of(volume), served).picture(0);
        Raster published = CtSlices.published(volume).picture(0);
        int green = 0;
        for (int i = 0; i < pixels; i++) {
            int rgb = want.getRGB(i % 512, i / 512);
            int[] colours = {rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF};
            for (int colour = 0; colour < 3; colour++) {
                assertThat(got.samples()[3 * i + colour] & 0xFF).isEqualTo(colours[colour]);
            }
            assertThat(published.samples()[3 * i] & 0xFF).isEqualTo(colours[0]);
            assertThat(published.samples()[3 * i + 2] & 0xFF).isEqualTo(colours[2]);
            green += (published.samples()[3 * i + 1] & 0xFF) == colours[1] ? 0 : 1;
        }
        System.out.printf("CT: a slice equal to Google's server; %d of %d pixels differ in green%n", green, pixels);
        assertThat(green).isPositive();
    }
}
