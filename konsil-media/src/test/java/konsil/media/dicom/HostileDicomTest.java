package konsil.media.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import konsil.media.BadMediaException;
import konsil.media.codec.GoldenFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are cut off, damaged or made to take all memory. */
class HostileDicomTest {
    private static final String EXPLICIT = "1.2.840.10008.1.2.1";
    private static final long OVERHEAD = 1 << 20;

    private static byte[] file(String kind) {
        return switch (kind) {
            case "implicit" -> DicomFileTest.sample(false, false, true).file("1.2.840.10008.1.2");
            case "big" -> DicomFileTest.sample(true, true, false).file("1.2.840.10008.1.2.2");
            case "deflated" -> DicomFileTest.sample(true, false, true).file("1.2.840.10008.1.2.1.99");
            case "bare" -> DicomFileTest.sample(true, false, true).toBytes();
            default ->
                DicomWriter.explicitLittle()
                        .image(47, 61, 1, new int[] {16, 12}, false, "MONOCHROME2")
                        .text(Tag.NUMBER_OF_FRAMES, "IS", "2")
                        .fragments(
                                new int[] {0, 4},
                                List.of(GoldenFiles.read("cooked-12.jls"), GoldenFiles.read("cooked-12.jls")))
                        .file("1.2.840.10008.1.2.4.80");
        };
    }

    /** Everything that can be asked of a file. @return whether all of it was there */
    static boolean readAll(byte[] bytes) {
        try {
            DicomFile file = DicomFile.of("x", bytes);
            IdentifyingTags.of(file);
            Overlay.of(file);
            for (DicomElement element : file.dataSet().elements()) {
                file.dataSet().texts(element.tag());
                file.dataSet().items(element.tag());
            }
            PixelData pixels = file.pixels();
            List<FrameInfo> infos = file.frames();
            for (int i = 0; i < Math.min(3, pixels.frames()); i++) {
                FramePicture.of(file, pixels.frame(i), infos.get(i));
            }
            return true;
        } catch (BadMediaException refused) {
            assertThat(refused).hasMessageStartingWith("x: ");
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"implicit", "big", "deflated", "bare", "encapsulated"})
    void refusesEveryFileThatIsCutOff(String kind) {
        byte[] whole = file(kind);
        assertThat(readAll(whole)).isTrue();
        int spare = kind.equals("encapsulated") ? 10 : 1;
        int step = kind.equals("encapsulated") ? 37 : 1;
        for (int length = 0; length < whole.length - spare; length += step) {
            assertThat(readAll(Arrays.copyOf(whole, length)))
                    .as("%d bytes", length)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"implicit", "big", "deflated", "bare", "encapsulated"})
    void survivesChangedBytes(String kind) {
        var random = new Random(20261125);
        byte[] whole = file(kind);
        int refused = 0;
        for (int round = 0; round < 400; round++) {
            byte[] changed = whole.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                changed[random.nextInt(Math.min(700, changed.length))] = (byte) random.nextInt(256);
            }
            refused += readAll(changed) ? 0 : 1;
        }
        assertThat(refused).isPositive();
    }

    private static void takesNoMemory(byte[] bytes) {
        readAll(bytes);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        readAll(bytes);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(OVERHEAD);
    }

    @Test
    void takesNoMemoryForWhatIsOnlyClaimed() {
        var frames = DicomWriter.explicitLittle().text(Tag.NUMBER_OF_FRAMES, "IS", "2147483647");
        frames.image(16_000, 16_000, 1, new int[] {16, 16}, false, "MONOCHROME2");
        takesNoMemory(frames.again()
                .raw(frames.toBytes())
                .bytes(Tag.PIXEL_DATA, "OW", new byte[2])
                .file(EXPLICIT));
        takesNoMemory(frames.again()
                .raw(frames.toBytes())
                .head(Tag.PIXEL_DATA, "OW", 2_000_000_000)
                .file(EXPLICIT));
        frames.text(Tag.NUMBER_OF_FRAMES, "IS", "3");
        var runs = frames.again().raw(frames.toBytes()).fragments(new int[0], List.of(new byte[64]));
        takesNoMemory(runs.file("1.2.840.10008.1.2.5"));
        for (String name : List.of("baseline.jpg", "lossless-8.jls", "plain.j2k")) {
            var stream = frames.again().raw(frames.toBytes()).fragments(new int[0], List.of(GoldenFiles.read(name)));
            takesNoMemory(stream.file(EXPLICIT));
        }
    }

    @Test
    void repeatsNothingOfTheContents() {
        byte[] whole = DicomWriter.explicitLittle()
                .text(Tag.PATIENT_NAME, "PN", "Doe^John")
                .text(Tag.NUMBER_OF_FRAMES, "IS", "Doe")
                .text(Tag.ROWS, "DS", "Doe")
                .bytes(Tag.PIXEL_DATA, "OB", new byte[2])
                .file("1.2.Doe");
        DicomFile file = DicomFile.of("x", whole);
        assertThatThrownBy(file::pixels).isInstanceOf(BadMediaException.class).hasMessageNotContaining("Doe");
        assertThat(file.warnings()).noneMatch(warning -> warning.contains("Doe"));
    }
}
