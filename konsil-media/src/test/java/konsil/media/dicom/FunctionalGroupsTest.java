package konsil.media.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import konsil.media.dicom.FrameInfo.Directions;
import konsil.media.dicom.FrameInfo.Point;
import konsil.media.dicom.FrameInfo.Spacing;
import org.junit.jupiter.api.Test;

/** Where frames lie and how they are scaled. */
class FunctionalGroupsTest {
    private static final String EXPLICIT = "1.2.840.10008.1.2.1";

    private static DicomWriter image(int frames) {
        var w = DicomWriter.explicitLittle().text(Tag.NUMBER_OF_FRAMES, "IS", Integer.toString(frames));
        return w.image(1, 1, 1, new int[] {8, 8}, false, "MONOCHROME2").bytes(Tag.PIXEL_DATA, "OB", new byte[frames]);
    }

    private static DicomWriter item() {
        return DicomWriter.explicitLittle();
    }

    private static DicomWriter group(int macro, DicomWriter content) {
        return item().sequence(macro, true, content);
    }

    private static DicomWriter enhanced() {
        var shared = item().raw(group(
                                Tag.PLANE_ORIENTATION_SEQUENCE,
                                item().text(Tag.IMAGE_ORIENTATION_PATIENT, "DS", "1\\0\\0\\0\\0\\-1"))
                        .toBytes())
                .raw(group(
                                Tag.PIXEL_MEASURES_SEQUENCE,
                                item().text(Tag.SLICE_THICKNESS, "DS", "3").text(Tag.PIXEL_SPACING, "DS", "0.5\\0.25"))
                        .toBytes());
        var frames = new DicomWriter[2];
        for (int i = 0; i < 2; i++) {
            var b = item().bytes(Tag.DIFFUSION_B_VALUE, "FD", new byte[] {0, 0, 0, 0, 0, 0x40, (byte) 0x8F, 0x40});
            frames[i] = item().raw(group(
                                    Tag.PLANE_POSITION_SEQUENCE,
                                    item().text(Tag.IMAGE_POSITION_PATIENT, "DS", "1\\" + i + "\\3"))
                            .toBytes())
                    .raw(group(
                                    Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
                                    item().text(Tag.RESCALE_INTERCEPT, "DS", "" + i)
                                            .text(Tag.RESCALE_SLOPE, "DS", "2")
                                            .text(Tag.RESCALE_TYPE, "LO", "HU"))
                            .toBytes())
                    .raw(group(
                                    Tag.FRAME_VOILUT_SEQUENCE,
                                    item().text(Tag.WINDOW_CENTER, "DS", "40").text(Tag.WINDOW_WIDTH, "DS", "400"))
                            .toBytes())
                    .raw(group(
                                    Tag.FRAME_CONTENT_SEQUENCE,
                                    item().text(Tag.STACK_ID, "SH", "A")
                                            .bytes(Tag.IN_STACK_POSITION_NUMBER, "UL", new byte[] {
                                                (byte) (i + 1), 0, 0, 0
                                            }))
                            .toBytes())
                    .raw(group(Tag.MR_DIFFUSION_SEQUENCE, b).toBytes());
        }
        return image(2).sequence(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, true, shared)
                .sequence(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, false, frames);
    }

    @Test
    void readsFunctionalGroups() {
        List<FrameInfo> frames = enhanced().open(EXPLICIT).frames();
        assertThat(frames).hasSize(2);
        FrameInfo second = frames.get(1);
        assertThat(second.index()).isEqualTo(1);
        assertThat(second.position()).hasValue(new Point(1, 1, 3));
        assertThat(second.directions()).hasValue(new Directions(new Point(1, 0, 0), new Point(0, 0, -1)));
        assertThat(second.directions().orElseThrow().normal().dot(new Point(2, 3, 4)))
                .isEqualTo(3);
        assertThat(second.spacing()).hasValue(new Spacing(0.5, 0.25));
        assertThat(second.sliceThickness()).hasValue(3);
        assertThat(second.rescaleSlope()).isEqualTo(2);
        assertThat(second.rescaleIntercept()).isEqualTo(1);
        assertThat(second.rescaleType()).hasValue("HU");
        assertThat(second.windows()).containsExactly(new VoiWindow(40, 400, VoiWindow.Function.LINEAR));
        assertThat(second.sequence().stack()).hasValue("A");
        assertThat(second.sequence().inStack()).hasValue(2);
        assertThat(second.sequence().bValue()).hasValue(1000);
    }

    @Test
    void readsClassicImages() {
        var w = image(1).text(Tag.IMAGE_POSITION_PATIENT, "DS", "1\\2\\3")
                .text(Tag.IMAGE_ORIENTATION_PATIENT, "DS", "1\\0\\0\\0\\1\\0");
        w.text(Tag.PIXEL_SPACING, "DS", "0.5\\0.5")
                .text(Tag.ECHO_TIME, "DS", "30")
                .text(Tag.RESCALE_SLOPE, "DS", "0");
        FrameInfo only = w.open(EXPLICIT).frames().getFirst();
        assertThat(only.position()).hasValue(new Point(1, 2, 3));
        assertThat(only.spacing()).hasValue(new Spacing(0.5, 0.5));
        assertThat(only.rescaleSlope()).isEqualTo(1);
        assertThat(only.sequence().echoTime()).hasValue(30);
        assertThat(only.sequence().temporalPosition()).isEmpty();
    }

    @Test
    void leavesOutWhatIsBroken() {
        var w = image(1).text(Tag.IMAGE_POSITION_PATIENT, "DS", "1\\2")
                .text(Tag.IMAGE_ORIENTATION_PATIENT, "DS", "a\\b");
        DicomFile file = w.open(EXPLICIT);
        FrameInfo only = file.frames().getFirst();
        assertThat(only.position()).isEmpty();
        assertThat(only.directions()).isEmpty();
        assertThat(file.warnings()).anyMatch(warning -> warning.contains("(0020,0037) ImageOrientationPatient"));
    }

    @Test
    void stacksDosesAlongTheirNormal() {
        var w = image(3).text(Tag.IMAGE_POSITION_PATIENT, "DS", "1\\2\\3")
                .text(Tag.IMAGE_ORIENTATION_PATIENT, "DS", "1\\0\\0\\0\\1\\0");
        List<FrameInfo> frames = w.text(Tag.GRID_FRAME_OFFSET_VECTOR, "DS", "0\\2.5\\5")
                .open(EXPLICIT)
                .frames();
        assertThat(frames.get(2).position().orElseThrow().z()).isCloseTo(8, within(1e-12));
    }
}
