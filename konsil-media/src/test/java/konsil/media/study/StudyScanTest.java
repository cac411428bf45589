package konsil.media.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import konsil.media.Vector3;
import konsil.media.Volume;
import konsil.media.dicom.CsaBytes;
import konsil.media.dicom.DicomWriter;
import konsil.media.dicom.Tag;
import konsil.media.series.SeriesVolume.Gaps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files made by hand, opened as a study. */
class StudyScanTest {
    private static final String PLAIN = "1.2.840.10008.1.2.1";
    private static final Map<String, List<String>> UP =
            Map.of("NumberOfImagesInMosaic", List.of("5"), "SliceNormalVector", List.of("0", "0", "1"));

    @TempDir
    Path folder;

    private void write(String name, DicomWriter writer) throws IOException {
        Files.write(folder.resolve(name), writer.file(PLAIN));
    }

    /** A mosaic of 3 x 3 places for slices of 4 x 2 pixels that hold 1000 * time + 100 * slice + place. */
    private static DicomWriter mosaic(int time, byte[] header) {
        int[] words = new int[12 * 6];
        for (int i = 0; i < words.length; i++) {
            int slice = i / 12 / 2 * 3 + i % 12 / 4;
            words[i] = 1000 * time + 100 * slice + i / 12 % 2 * 4 + i % 4;
        }
        var writer = DicomWriter.explicitLittle()
                .text(Tag.IMAGE_TYPE, "CS", "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC")
                .text(Tag.MODALITY, "CS", "MR")
                .text(Tag.SLICE_THICKNESS, "DS", "2.5")
                .text(Tag.SPACING_BETWEEN_SLICES, "DS", "3")
                .text(Tag.SERIES_INSTANCE_UID, "UI", "1.2.3")
                .text(Tag.INSTANCE_NUMBER, "IS", Integer.toString(time))
                .text(Tag.IMAGE_POSITION_PATIENT, "DS", "-100\\-50\\7")
                .text(Tag.IMAGE_ORIENTATION_PATIENT, "DS", "1\\0\\0\\0\\1\\0")
                .image(6, 12, 1, new int[] {16, 16}, false, "MONOCHROME2")
                .text(Tag.PIXEL_SPACING, "DS", "2\\0.5");
        if (header.length > 0) {
            writer.text(0x00290011, "LO", "SIEMENS CSA HEADER").bytes(0x00291110, "OB", header);
        }
        return writer.bytes(Tag.PIXEL_DATA, "OW", writer.words(words));
    }

    private static Volume volume(StudyPart part) throws IOException {
        return ((StudyPart.Volumes) part).loading().load(Gaps.REFUSE).volume();
    }

    @Test
    void cutsMosaicsIntoAVolumeForEachTime() throws IOException {
        for (int time = 1; time <= 2; time++) {
            write("b" + time, mosaic(time, CsaBytes.header(true, UP)));
        }
        try (Study study = Study.open(folder)) {
            assertThat(study.shown())
                    .extracting(StudyPart::what)
                    .containsExactly("MR, 4 x 2, 5 slices, time point 1", "MR, 4 x 2, 5 slices, time point 2");
            Volume volume = volume(study.shown().get(1));
            for (int slice = 0; slice < 5; slice++) {
                assertThat(volume.value(3, 1, slice)).isEqualTo(2000 + 100 * slice + 7);
                assertThat(volume.value(0, 0, slice)).isEqualTo(2000 + 100 * slice);
            }
            // Half of what the mosaic is larger than a slice: (12 - 4) / 2 * 0.5 mm, (6 - 2) / 2 * 2 mm.
            assertThat(volume.geometry().origin()).isEqualTo(new Vector3(-98, -46, 7));
            assertThat(volume.geometry().sliceStep()).isEqualTo(new Vector3(0, 0, 3));
        }
    }

    @Test
    void stacksMosaicsAlongTheNormalOfTheirHeader() throws IOException {
        var down = Map.of("NumberOfImagesInMosaic", List.of("5"), "SliceNormalVector", List.of("0", "0", "-1"));
        write("a", mosaic(1, CsaBytes.header(false, down)));
        try (Study study = Study.open(folder)) {
            Volume volume = volume(study.shown().getFirst());
            assertThat(volume.geometry().sliceStep()).isEqualTo(new Vector3(0, 0, -3));
            assertThat(volume.geometry().origin().z()).isCloseTo(7, within(1e-9));
            assertThat(volume.value(0, 0, 4)).isEqualTo(1400);
        }
    }

    @Test
    void refusesMosaicsThatDoNotSayHowTheyAreMade() throws IOException {
        write("a", mosaic(1, new byte[0]));
        write("b", mosaic(2, CsaBytes.header(true, Map.of("NumberOfImagesInMosaic", List.of("5")))));
        write("c", mosaic(3, CsaBytes.header(true, Map.of("SliceNormalVector", List.of("0", "1", "0")))));
        try (Study study = Study.open(folder)) {
            assertThat(study.shown()).isEmpty();
            assertThat(study.refused()).hasSize(1);
            assertThat(study.refused().getFirst().reason()).startsWith("each picture is a mosaic of many slices, and");
        }
    }

    private static DicomWriter slide(String flavour, int side, int series) {
        var writer = DicomWriter.explicitLittle()
                .text(Tag.IMAGE_TYPE, "CS", "DERIVED\\PRIMARY\\" + flavour + "\\NONE")
                .text(Tag.SOP_CLASS_UID, "UI", "1.2.840.10008.5.1.4.1.1.77.1.6")
                .text(Tag.MODALITY, "CS", "SM")
                .text(Tag.SERIES_INSTANCE_UID, "UI", "1.2." + series)
                .text(Tag.NUMBER_OF_FRAMES, "IS", "1")
                .image(side, side, 3, new int[] {8, 8}, false, "RGB");
        return writer.bytes(Tag.PIXEL_DATA, "OB", new byte[3 * side * side]);
    }

    @Test
    void makesASlideOfEachSeries() throws IOException {
        write("a", slide("VOLUME", 16, 1));
        write("b", slide("VOLUME", 8, 1));
        write("c", slide("LABEL", 4, 1));
        write("d", slide("LABEL", 4, 2));
        write("e", slide("VOLUME", 16, 1));
        try (Study study = Study.open(folder)) {
            assertThat(study.shown()).hasSize(1);
            var glass = (StudyPart.Glass) study.shown().getFirst();
            assertThat(glass.what()).isEqualTo("slide, 16 x 16, 2 sizes");
            assertThat(glass.series()).isEqualTo("1.2.1");
            try (var slide = glass.open()) {
                assertThat(slide.region(1, 0, 0, 8, 8).samples()).containsOnly((byte) 0);
                assertThat(slide.associated()).hasSize(1);
            }
            assertThat(study.refused())
                    .extracting(StudyPart.Refused::what, StudyPart.Refused::reason)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple("e", "another picture of the same level"),
                            org.assertj.core.groups.Tuple.tuple(
                                    "d",
                                    "only pictures beside a slide (label), which may show a name and are not shown to"
                                            + " a model"));
        }
    }

    /** A slice of 2 x 2 pixels that hold its place; numbers and UIDs as a test wants them. */
    private static DicomWriter slice(String modality, int number, double z, String uid) {
        int value = (int) (10 * z);
        return DicomWriter.explicitLittle()
                .text(Tag.SOP_INSTANCE_UID, "UI", uid)
                .text(Tag.MODALITY, "CS", modality)
                .text(Tag.SLICE_THICKNESS, "DS", "9")
                .text(Tag.SPACING_BETWEEN_SLICES, "DS", "0")
                .text(Tag.SERIES_INSTANCE_UID, "UI", "1.2.3")
                .text(Tag.INSTANCE_NUMBER, "IS", Integer.toString(number))
                .text(Tag.IMAGE_POSITION_PATIENT, "DS", "0\\0\\" + z)
                .text(Tag.IMAGE_ORIENTATION_PATIENT, "DS", "1\\0\\0\\0\\1\\0")
                .image(2, 2, 1, new int[] {16, 16}, true, "MONOCHROME2")
                .text(Tag.PIXEL_SPACING, "DS", "1\\1")
                .us(Tag.PIXEL_PADDING_VALUE, -2000 & 0xFFFF)
                .bytes(Tag.PIXEL_DATA, "OW", DicomWriter.explicitLittle().words(value, value, -2000, value));
    }

    @Test
    void takesPlacesWhereNumbersAndSpacingsAreWrong() throws IOException {
        double[] places = {5, 2.5, 0, 7.5};
        for (int i = 0; i < places.length; i++) {
            write("s" + i, slice("CT", 7, places[i], "1.9." + i));
        }
        try (Study study = Study.open(folder)) {
            Volume volume = volume(study.shown().getFirst());
            assertThat(volume.slices()).isEqualTo(4);
            assertThat(volume.geometry().sliceStep()).isEqualTo(new Vector3(0, 0, 2.5));
            for (int i = 0; i < 4; i++) {
                assertThat(volume.value(0, 0, i)).isEqualTo(25 * i);
                // Padding stays what it is: far below air, black in every window.
                assertThat(volume.value(0, 1, i)).isEqualTo(-2000);
            }
        }
    }

    @Test
    void tellsCopiesOfAFileFromSlicesThatAreNumberedAlike() throws IOException {
        for (int i = 0; i < 3; i++) {
            write("a" + i, slice("MR", i, i, "1.9." + i));
            write("b" + i, slice("MR", i, i, "1.9." + i));
            write("c" + i, slice("MR", i, i, "1.8." + i));
        }
        try (Study study = Study.open(folder)) {
            assertThat(study.shown())
                    .extracting(StudyPart::what)
                    .containsExactly("MR, 2 x 2, 3 slices", "MR, 2 x 2, 3 slices");
            assertThat(study.refused()).extracting(StudyPart.Refused::what).containsExactly("b0", "b1", "b2");
        }
    }

    @Test
    void takesTheThicknessWhereASingleSliceHasNoSpacing() throws IOException {
        write("a", slice("MR", 1, 3, "1.9"));
        try (Study study = Study.open(folder)) {
            assertThat(volume(study.shown().getFirst()).geometry().sliceSpacing())
                    .isEqualTo(9);
        }
    }

    @Test
    void showsColoursOfSectionsAsPictures() throws IOException {
        for (int i = 0; i < 2; i++) {
            write(
                    "a" + i,
                    DicomWriter.explicitLittle()
                            .text(Tag.MODALITY, "CS", "MR")
                            .text(Tag.SERIES_INSTANCE_UID, "UI", "1.2.3")
                            .text(Tag.IMAGE_POSITION_PATIENT, "DS", "0\\0\\" + i)
                            .text(Tag.IMAGE_ORIENTATION_PATIENT, "DS", "1\\0\\0\\0\\1\\0")
                            .image(2, 2, 3, new int[] {8, 8}, false, "RGB")
                            .bytes(Tag.PIXEL_DATA, "OB", new byte[] {9, 8, 7, 9, 8, 7, 9, 8, 7, 9, 8, 7}));
        }
        try (Study study = Study.open(folder)) {
            assertThat(study.shown()).hasSize(2).allSatisfy(part -> {
                assertThat(part.what()).isEqualTo("MR, 2 x 2, 1 picture");
                assertThat(((StudyPart.Pictures) part).picture().apply(0).samples())
                        .startsWith((byte) 9, (byte) 8, (byte) 7);
            });
        }
    }
}
