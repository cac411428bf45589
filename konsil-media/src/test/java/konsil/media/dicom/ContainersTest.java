package konsil.media.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import konsil.media.BadMediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of files, and what tells who the patient is. */
class ContainersTest {
    private static final String EXPLICIT = "1.2.840.10008.1.2.1";

    @TempDir
    private Path folder;

    private static DicomWriter named(String name) {
        return DicomWriter.explicitLittle().text(Tag.MODALITY, "CS", "CT").text(Tag.PATIENT_NAME, "PN", name);
    }

    @Test
    void readsAZipOfFiles() throws IOException {
        Path path = folder.resolve("a.zip");
        try (OutputStream out = Files.newOutputStream(path);
                var zip = new ZipOutputStream(out)) {
            for (String name : new String[] {"x/1.dcm", "x/2.dcm", "readme.txt"}) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(name.endsWith("dcm") ? named(name).file(EXPLICIT) : new byte[] {'h', 'i'});
            }
        }
        var names = new ArrayList<String>();
        int skipped = DicomArchive.forEach(
                path,
                file -> names.add(file.name() + "="
                        + file.dataSet().text(Tag.PATIENT_NAME).orElse("")));
        assertThat(names).containsExactly("1.dcm=x/1.dcm", "2.dcm=x/2.dcm");
        assertThat(skipped).isEqualTo(1);
        assertThat(DicomArchive.isArchive(path)).isTrue();
    }

    @Test
    void refusesADamagedZip() throws IOException {
        Path path = Files.write(folder.resolve("b.zip"), new byte[] {'P', 'K', 3, 4, 9, 9, 9});
        assertThatThrownBy(() -> DicomArchive.forEach(path, _ -> {}))
                .isInstanceOf(BadMediaException.class)
                .hasMessage("b.zip: is no ZIP file, or damaged");
        Path plain = Files.write(folder.resolve("c.dcm"), named("A").file(EXPLICIT));
        assertThat(DicomArchive.isArchive(plain)).isFalse();
    }

    @Test
    void readsADirectory() {
        var w = DicomWriter.explicitLittle().text(Tag.MODALITY, "CS", "CT");
        var patient = w.again().text(Tag.DIRECTORY_RECORD_TYPE, "CS", "PATIENT");
        var study = w.again().text(Tag.DIRECTORY_RECORD_TYPE, "CS", "STUDY").text(Tag.STUDY_INSTANCE_UID, "UI", "1.2");
        var series =
                w.again().text(Tag.DIRECTORY_RECORD_TYPE, "CS", "SERIES").text(Tag.SERIES_INSTANCE_UID, "UI", "1.2.3");
        var image = w.again()
                .text(Tag.REFERENCED_FILE_ID, "CS", "DISK1\\IM1")
                .text(Tag.DIRECTORY_RECORD_TYPE, "CS", "IMAGE")
                .text(Tag.REFERENCED_SOP_INSTANCE_UID_IN_FILE, "UI", "1.2.3.4");
        var escaping = w.again()
                .text(Tag.REFERENCED_FILE_ID, "CS", "..\\secret")
                .text(Tag.DIRECTORY_RECORD_TYPE, "CS", "IMAGE");
        DicomFile file = w.sequence(Tag.DIRECTORY_RECORD_SEQUENCE, true, patient, study, series, image, escaping)
                .open(EXPLICIT);
        assertThat(Dicomdir.isDirectory(file)).isTrue();
        var entries = Dicomdir.entries(file, folder);
        assertThat(entries).hasSize(1);
        assertThat(entries.getFirst().path()).isEqualTo(folder.resolve("DISK1").resolve("IM1"));
        assertThat(entries.getFirst().studyInstance()).hasValue("1.2");
        assertThat(entries.getFirst().seriesInstance()).hasValue("1.2.3");
        assertThat(entries.getFirst().sopInstance()).hasValue("1.2.3.4");
        assertThat(file.warnings()).containsExactly("(0004,1500) ReferencedFileID names no file of this folder");
        assertThatThrownBy(() -> Dicomdir.entries(named("A").open(EXPLICIT), folder))
                .hasMessage("x: (0004,1220) DirectoryRecordSequence is missing: this is no DICOMDIR");
    }

    private static DicomWriter record(String type, long next, long lower) {
        var w = DicomWriter.explicitLittle().bytes(Tag.OFFSET_OF_THE_NEXT_DIRECTORY_RECORD, "UL", four(next));
        w.bytes(Tag.OFFSET_OF_REFERENCED_LOWER_LEVEL_DIRECTORY_ENTITY, "UL", four(lower));
        return w.text(Tag.DIRECTORY_RECORD_TYPE, "CS", type);
    }

    private static byte[] four(long value) {
        return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
    }

    /** Two series, each behind its image in the file. @param at places of the records, 0 where not known yet */
    private static DicomFile reordered(long... at) {
        var image = record("IMAGE", 0, 0).text(Tag.REFERENCED_FILE_ID, "CS", "IM1");
        var series = record("SERIES", at[3], at[0]).text(Tag.SERIES_INSTANCE_UID, "UI", "1.1");
        var other = record("IMAGE", 0, 0).text(Tag.REFERENCED_FILE_ID, "CS", "IM2");
        var otherSeries = record("SERIES", 0, at[2]).text(Tag.SERIES_INSTANCE_UID, "UI", "1.2");
        return DicomWriter.explicitLittle()
                .text(Tag.MODALITY, "CS", "CT")
                .sequence(Tag.DIRECTORY_RECORD_SEQUENCE, true, image, series, other, otherSeries)
                .open(EXPLICIT);
    }

    @Test
    void followsTheOffsetsOfADirectory() {
        long[] at = reordered(0, 0, 0, 0).dataSet().items(Tag.DIRECTORY_RECORD_SEQUENCE).stream()
                .mapToLong(DataSet::place)
                .toArray();
        assertThat(Dicomdir.entries(reordered(at), folder).stream()
                        .map(entry -> entry.path().getFileName() + " "
                                + entry.seriesInstance().orElse("")))
                .containsExactly("IM1 1.1", "IM2 1.2");
        assertThat(Dicomdir.entries(reordered(at[1], 0, at[3], at[1]), folder)).hasSize(2);
    }

    @Test
    void namesWhatIdentifies() {
        var inside = DicomWriter.explicitLittle().text(0x00081050, "PN", "Doe^Jane");
        var w = named("Doe^John").text(Tag.PATIENT_ID, "LO", "").text(Tag.STUDY_DATE, "DA", "20200101");
        w.text(0x00090010, "LO", "MAKER").sequence(Tag.FRAME_CONTENT_SEQUENCE, true, inside);
        var found = IdentifyingTags.of(w.open(EXPLICIT));
        assertThat(found.tags())
                .containsExactly(
                        "(0008,0020) StudyDate", "(0008,1050) PerformingPhysicianName", "(0010,0010) PatientName");
        assertThat(found.privateElements()).isEqualTo(1);
        assertThat(found.pixelRisks()).isEmpty();
        assertThat(found.toString()).doesNotContain("Doe");
    }

    @Test
    void warnsOfTextInPixels() {
        var w = DicomWriter.explicitLittle()
                .text(Tag.MODALITY, "CS", "US")
                .image(1, 1, 1, new int[] {8, 8}, false, "MONOCHROME2");
        w.us(0x60000010, 4)
                .us(0x60000011, 5)
                .bytes(0x60003000, "OB", new byte[4])
                .bytes(Tag.PIXEL_DATA, "OB", new byte[2]);
        DicomFile file = w.open(EXPLICIT);
        assertThat(IdentifyingTags.of(file).pixelRisks())
                .containsExactly(
                        "secondary capture: a copy of a screen or a film",
                        "(0008,0060) Modality: devices of this kind often burn text into the picture",
                        "(6000,3000) OverlayData is there: overlays often hold text");
        assertThat(Overlay.of(file)).containsExactly(new Overlay(0x6000, 4, 5, false));
        w.text(Tag.BURNED_IN_ANNOTATION, "CS", "YES");
        assertThat(IdentifyingTags.of(w.open(EXPLICIT)).pixelRisks())
                .contains("(0028,0301) BurnedInAnnotation says that text is burned in");
    }
}
