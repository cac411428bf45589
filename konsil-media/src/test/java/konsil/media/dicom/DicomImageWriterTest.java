package konsil.media.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DicomImageWriterTest {
    @TempDir
    private Path folder;

    private static DicomImageWriter small() {
        return new DicomImageWriter("2.25.1")
                .text(Tag.SOP_INSTANCE_UID, Vr.UI, "2.25.77")
                .text(Tag.SOP_CLASS_UID, Vr.UI, "1.2.840.10008.5.1.4.1.1.2");
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        short[] stored = {0, 1, 4095, 7, 9, 11};
        byte[] bytes = small().pixels(stored)
                .text(Tag.PHOTOMETRIC_INTERPRETATION, Vr.CS, "MONOCHROME2")
                .unsigned(Tag.SAMPLES_PER_PIXEL, 1)
                .unsigned(Tag.ROWS, 2)
                .unsigned(Tag.COLUMNS, 3)
                .unsigned(Tag.BITS_ALLOCATED, 16)
                .unsigned(Tag.BITS_STORED, 12)
                .unsigned(Tag.HIGH_BIT, 11)
                .unsigned(Tag.PIXEL_REPRESENTATION, 0)
                .decimals(Tag.PIXEL_SPACING, 0.7031, 1.0 / 3)
                .whole(Tag.INSTANCE_NUMBER, 12)
                .text(Tag.PATIENT_NAME, Vr.PN, "Odd")
                .bytes();
        Path file = folder.resolve("a.dcm");
        Files.write(file, bytes);
        var read = DicomFile.open(file);
        assertThat(read.warnings()).isEmpty();
        assertThat(read.dataSet().numbers(Tag.PIXEL_SPACING)).containsExactly(0.7031, 0.333333333333);
        assertThat(read.dataSet().integer(Tag.INSTANCE_NUMBER)).hasValue(12);
        assertThat(read.dataSet().text(Tag.PATIENT_NAME)).contains("Odd");
        assertThat(read.dataSet().text(Tag.SOP_INSTANCE_UID)).contains("2.25.77");
        var tags = read.dataSet().elements().stream().map(DicomElement::tag).toList();
        assertThat(tags).isSortedAccordingTo(Integer::compareUnsigned);
        assertThat(GreyValues.of(read, read.pixels().frame(0), read.frames().getFirst()))
                .containsExactly(0, 1, 4095, 7, 9, 11);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1024, 1.0 / 3, -123456.789012345, 1e-9 / 7, 1.23456789e20, -2.0 / 3e12})
    void decimalsFitSixteenCharacters(double value) {
        String text = DicomImageWriter.decimal(value);
        assertThat(text.length()).isLessThanOrEqualTo(16);
        assertThat(Double.parseDouble(text)).isCloseTo(value, Percentage.withPercentage(1e-6));
    }

    @Test
    void wrongValuesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> small().text(Tag.PATIENT_NAME, Vr.PN, "M\u00fcller"))
                .withMessageContaining("want ASCII");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> small().text(Tag.PATIENT_NAME, Vr.PN, "x".repeat(70_000)))
                .withMessageContaining("at most");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DicomImageWriter("2.25.1").bytes())
                .withMessageContaining("SOPClassUID");
    }
}
