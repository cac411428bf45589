package konsil.media.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import konsil.media.BadMediaException;
import konsil.media.codec.Codestream;
import konsil.media.codec.ImageCodec;
import org.junit.jupiter.api.Test;

/** Every DICOM file beside the project, against the pixels that pydicom finds in it; skipped when there are none. */
class DicomDataTest {
    /** Nothing to see there: no description of pixels, pixels cut off, a size of 3,722,445,056 columns. */
    private static final Set<String> REFUSED = Set.of(
            "MR_truncated.dcm",
            "meta_missing_tsyntax.dcm",
            "nested_priv_SQ.dcm",
            "JPEG2000-embedded-sequence-delimiter.dcm");

    /** The table comes from pydicom 2.3, which did not swap pairs of bytes here; pydicom 3.0.2 agrees with Konsil. */
    private static final Set<String> OTHERWISE = Set.of("SC_rgb_small_odd_big_endian.dcm");

    /** Lossy JPEG 2000: floating point in another order than OpenJPEG's; the largest difference is one level. */
    private static final Set<String> NEAR = Set.of("MR2_J2KI.dcm", "RG3_J2KI.dcm", "US1_J2KI.dcm", "JPEG2000.dcm");

    private record Count(int files, int read, int equal, int near, int untold, int noPixels, int refused) {
        static final Count NONE = new Count(0, 0, 0, 0, 0, 0, 0);

        Count plus(Count o) {
            return new Count(
                    files + o.files,
                    read + o.read,
                    equal + o.equal,
                    near + o.near,
                    untold + o.untold,
                    noPixels + o.noPixels,
                    refused + o.refused);
        }
    }

    private final Map<String, Count> groups = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    @Test
    void readsTheFilesBesideTheProject() throws IOException {
        var data = SharedData.folder();
        assumeTrue(data.isPresent(), "skipped: no folder shared/data, no property konsil.data");
        var truth = SharedData.truth(data.get());
        for (Path file : SharedData.files(data.get().resolve("dicom"))) {
            String name = data.get().relativize(file).toString();
            Map<String, String> row = truth.get(name);
            if (row != null) {
                groups.merge(name.split("/", -1)[1], check(file, row), Count::plus);
            }
        }
        groups.forEach((group, count) -> System.out.println(group + ": " + count));
        System.out.println("all: " + groups.values().stream().reduce(Count.NONE, Count::plus));
        notes.forEach(System.out::println);
        assertThat(wrong).isEmpty();
    }

    private Count check(Path file, Map<String, String> row) {
        DicomFile dicom;
        try {
            dicom = DicomFile.open(file);
        } catch (BadMediaException refused) {
            wrong.add(refused.getMessage());
            return new Count(1, 0, 0, 0, 0, 0, 1);
        }
        IdentifyingTags.of(dicom);
        if (!dicom.hasPixels()) {
            return new Count(1, 1, 0, 0, 0, 1, 0);
        }
        try {
            return compared(dicom, row);
        } catch (BadMediaException refused) {
            (REFUSED.contains(dicom.name()) ? notes : wrong).add("refused: " + refused.getMessage());
            return new Count(1, 1, 0, 0, 0, 0, 1);
        }
    }

    private Count compared(DicomFile dicom, Map<String, String> row) {
        PixelData pixels = dicom.pixels();
        List<FrameInfo> infos = dicom.frames();
        MessageDigest digest = sha256();
        double sum = 0;
        long samples = 0;
        for (int i = 0; i < pixels.frames(); i++) {
            StoredFrame frame = pixels.frame(i);
            digest.update(frame.samples().littleEndian());
            samples += frame.samples().size();
            for (int s = 0; s < frame.samples().size(); s++) {
                sum += frame.number(s);
            }
            if (i == 0) {
                FramePicture.of(dicom, frame, infos.get(i));
            }
        }
        String want = row.getOrDefault("px_sha", "");
        if (want.isEmpty()) {
            return new Count(1, 1, 0, 0, 1, 0, 0);
        }
        String sha = HexFormat.of().formatHex(digest.digest()).substring(0, want.length());
        if (sha.equals(want)) {
            return new Count(1, 1, 1, 0, 0, 0, 0);
        }
        double off = Math.abs(sum / samples - Double.parseDouble(row.getOrDefault("mean", "NaN")));
        boolean known = NEAR.contains(dicom.name()) && off < 0.001 || OTHERWISE.contains(dicom.name());
        (known ? notes : wrong).add("%s: not equal, the mean is %.4f off".formatted(dicom.name(), off));
        return new Count(1, 1, 0, 1, 0, 0, 0);
    }

    @Test
    void readsHighThroughputStreamsBesideTheProject() throws IOException {
        var data = SharedData.folder();
        assumeTrue(data.isPresent(), "skipped: no folder shared/data, no property konsil.data");
        Path folder = data.get().resolve("dicom/htj2k_codestreams");
        byte[] stream = Files.readAllBytes(folder.resolve("CT1.j2c"));
        byte[] raw = Files.readAllBytes(folder.resolve("CT1.RAW"));
        try {
            var decoded = ImageCodec.JPEG_2000.decode(new Codestream("CT1.j2c", stream, 512, 512, 1));
            assertThat(new Samples.Shorts(decoded.samples()).littleEndian()).isEqualTo(raw);
        } catch (BadMediaException absent) {
            assertThat(absent).hasMessageContaining("libopenjp2-7");
        }
    }

    @Test
    void readsPackedFilesBesideTheProject() throws IOException {
        var data = SharedData.folder();
        assumeTrue(data.isPresent(), "skipped: no folder shared/data, no property konsil.data");
        Path folder = data.get().resolve("dicom/nibabel");
        for (String name : List.of("siemens_dwi_0", "siemens_dwi_1000", "philips_mprage")) {
            DicomFile packed = DicomFile.open(folder.resolve(name + ".dcm.gz"));
            assertThat(packed.pixels().frame(0).samples().size()).isPositive();
        }
        assertThat(DicomFile.open(folder.resolve("siemens_dwi_1000.dcm.gz"))
                        .frames()
                        .getFirst()
                        .sequence()
                        .bValue())
                .hasValue(1000);
    }

    @Test
    void readsDirectoriesBesideTheProject() throws IOException {
        var data = SharedData.folder();
        assumeTrue(data.isPresent(), "skipped: no folder shared/data, no property konsil.data");
        Path folder = data.get().resolve("dicom/pydicom/dicomdirtests");
        for (Path file : SharedData.files(folder)) {
            String name = String.valueOf(file.getFileName());
            if (name.startsWith("DICOMDIR") && !name.equals("DICOMDIR-empty.dcm")) {
                var entries = Dicomdir.entries(DicomFile.open(file), folder);
                assertThat(entries).hasSize(31);
                for (Dicomdir.Entry entry : entries) {
                    DataSet named = DicomFile.open(entry.path()).dataSet();
                    assertThat(named.text(Tag.SOP_INSTANCE_UID)).isEqualTo(entry.sopInstance());
                    assertThat(named.text(Tag.SERIES_INSTANCE_UID))
                            .as("%s %s", name, entry.path())
                            .isEqualTo(entry.seriesInstance());
                }
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
