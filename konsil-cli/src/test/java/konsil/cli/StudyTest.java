package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import konsil.media.ImageFile;
import konsil.media.ImageSettings;
import konsil.media.Volume;
import konsil.media.nifti.NiftiFile;
import konsil.media.nifti.NiftiSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code konsil study} on files that are made here. */
final class StudyTest {
    @TempDir
    private Path folder;

    private Path series(String modality, String uid, int count) throws IOException {
        Path into = Files.createDirectories(folder.resolve(modality + uid));
        for (int i = 1; i <= count; i++) {
            Files.write(into.resolve("s%02d".formatted(count - i)), DicomBytes.slice(modality, uid, i));
        }
        return into;
    }

    private static Run study(Path path, String... more) {
        var words = new java.util.ArrayList<>(List.of("study", path.toString()));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    @Test
    void saysWhatASeriesIsAndNamesNobody() throws IOException {
        Path ct = series("CT", "1.2.3", 5);
        Files.writeString(ct.resolve("notes.txt"), "no picture");
        var run = study(ct);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("1  CT, 16 x 16, 5 slices", "1.2.3", "16 x 16 x 5 voxels of 2.000 x 2.000 x 3.000 mm")
                .contains("-14.0000 to 281.000, mean", "HU", "5 pictures, 1280 tokens", "refused  notes.txt: ")
                .contains("(0010,0010) PatientName in 5 files")
                .doesNotContain("DOE");
        assertThat(study(ct, "--json").out()).doesNotContain("DOE").contains("\"(0010,0010) PatientName\" : 5");
    }

    @Test
    void jsonGivesHashesOfStoredValues() throws IOException, NoSuchAlgorithmException {
        Path ct = series("CT", "1.2.3", 1);
        short[] values = new short[256];
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) (1010 + i);
        }
        byte[] words = DicomBytes.words(values);
        String sha =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(words));
        Path frames = folder.resolve("frames");
        var run = study(ct, "--json", "--export-frames", frames.toString());
        assertThat(run.out())
                .contains("\"min\" : 1010.0", "\"max\" : 1265.0", "\"mean\" : 1137.5", "\"sha256\" : \"" + sha)
                .contains("\"transfer_syntax\" : \"1.2.840.10008.1.2.1\"", "\"bits_stored\" : 16");
        assertThat(frames.resolve("00001-00001.raw")).hasBinaryContent(words);
    }

    @Test
    void exportsTheVolumeWithItsPlace() throws IOException {
        Path out = folder.resolve("out.nii.gz");
        var run = study(series("CT", "1.2.3", 4), "--export", out.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        Volume volume = NiftiFile.read(out, NiftiSettings.first(Volume.Unit.HOUNSFIELD));
        assertThat(volume.slices()).isEqualTo(4);
        assertThat(volume.value(3, 2, 1)).isEqualTo(1000 + 2 * 16 + 3 + 20 - 1024);
        assertThat(volume.geometry().rasAffine())
                .containsExactly(new double[] {-2, 0, 0, 15, 0, -2, 0, 15, 0, 0, 3, 103}, within(1e-5));
    }

    @Test
    void theSheetShowsWhatTheModelSees() throws IOException {
        Path sheet = folder.resolve("sheet.png");
        var run =
                study(series("CT", "1.2.3", 5), "--sheet", sheet.toString(), "--slices", "2..3", "--window", "0..255");
        assertThat(run.exit()).as(run.err()).isZero();
        var picture = ImageFile.read(sheet, ImageSettings.careful());
        // Two pictures of 160 pixels side by side, 4 pixels around; the pixel in the first one's corner is -4 HU:
        // black.
        assertThat(picture.width()).isEqualTo(4 + 2 * 164);
        assertThat(picture.samples()[3 * (4 * picture.width() + 4)]).isZero();
        int corner = 3 * ((4 + 159) * picture.width() + 4 + 159);
        assertThat(picture.samples()[corner] & 0xFF).isEqualTo(1000 + 255 + 20 - 1024);
    }

    @Test
    void readsZipGzipAndSingleFilesAlike() throws IOException {
        Path zip = folder.resolve("all.zip");
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (int i = 1; i <= 3; i++) {
                out.putNextEntry(new ZipEntry("a/" + i));
                out.write(DicomBytes.slice("MR", "1.2.4", i));
            }
            out.putNextEntry(new ZipEntry("readme.txt"));
            out.write(7);
        }
        assertThat(study(zip).out())
                .contains("1  MR, 16 x 16, 3 slices", "1010.00 to 1285.00", "signal", "refused  readme.txt");
        Path packed = folder.resolve("one.dcm.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(DicomBytes.slice("MR", "1.2.4", 1));
        }
        assertThat(study(packed).out()).contains("1  MR, 16 x 16, 1 slices", "1010.00 to 1265.00");
    }

    @Test
    void severalPartsWantAChoice() throws IOException {
        series("CT", "1.2.3", 3);
        series("MR", "1.2.4", 2);
        Path sheet = folder.resolve("sheet.png");
        var unclear = study(folder, "--sheet", sheet.toString());
        assertThat(unclear.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(unclear.err()).contains("--series: want one of 2 parts: 1 (CT, 16 x 16, 3 slices), 2 (MR");
        assertThat(study(folder, "--sheet", sheet.toString(), "--series", "1.2.4")
                        .exit())
                .isZero();
        assertThat(sheet).exists();
        assertThat(study(folder, "--sheet", sheet.toString(), "--series", "9").exit())
                .isEqualTo(Exit.BAD_INPUT.code());
    }

    @Test
    void aGapIsToldAndNotExportedUnasked() throws IOException {
        Path ct = series("CT", "1.2.3", 6);
        Files.delete(ct.resolve("s02"));
        Path out = folder.resolve("out.nii.gz");
        var refused = study(ct, "--export", out.toString());
        assertThat(refused.out()).contains("1 slices are missing behind slice 3");
        assertThat(refused.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(out).doesNotExist();
        assertThat(study(ct, "--export", out.toString(), "--gaps", "interpolate")
                        .exit())
                .isZero();
        assertThat(NiftiFile.read(out, NiftiSettings.first(Volume.Unit.HOUNSFIELD))
                        .slices())
                .isEqualTo(6);
    }

    @Test
    void monochrome1IsInverted() throws IOException {
        for (String photometric : List.of("MONOCHROME1", "MONOCHROME2")) {
            Path file = Files.write(folder.resolve(photometric), DicomBytes.radiograph(photometric));
            Path sheet = folder.resolve(photometric + ".png");
            assertThat(study(file, "--sheet", sheet.toString()).exit()).isZero();
            var picture = ImageFile.read(sheet, ImageSettings.careful());
            // The darkest value of 16 x 8 pixels, as wide as the square and in the middle of its height.
            int first = picture.samples()[3 * ((4 + 40) * picture.width() + 4)] & 0xFF;
            assertThat(first).isEqualTo(photometric.equals("MONOCHROME1") ? 255 : 0);
        }
    }

    @Test
    void oneBadFileStopsNothing() throws IOException {
        Path ct = series("CT", "1.2.3", 3);
        byte[] whole = DicomBytes.slice("CT", "1.2.3", 4);
        Files.write(ct.resolve("cut"), java.util.Arrays.copyOf(whole, 200));
        Files.write(ct.resolve("empty"), new byte[0]);
        Files.write(
                ct.resolve("x.nii"),
                ByteBuffer.allocate(100)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(348)
                        .array());
        var run = study(ct, "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("CT, 16 x 16, 3 slices", "\"what\" : \"cut\"", "\"what\" : \"x.nii\"");
        var nothing = study(ct.resolve("cut"));
        assertThat(nothing.exit()).isEqualTo(Exit.NEGATIVE.code());
        assertThat(study(folder.resolve("missing")).err()).contains("there is no such file or folder");
    }

    @Test
    void everyTruncationIsAnAnswer() throws IOException {
        byte[] whole = DicomBytes.slice("CT", "1.2.3", 1);
        Path file = folder.resolve("cut.dcm");
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            var run = study(file, "--json");
            assertThat(run.exit()).as("length %d: %s", length, run.err()).isIn(0, 1, Exit.BAD_INPUT.code());
        }
    }
}
