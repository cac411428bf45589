package konsil.media.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CsaHeaderTest {
    private static final Map<String, List<String>> TAGS = new TreeMap<>(Map.of(
            "NumberOfImagesInMosaic", List.of("48"),
            "SliceNormalVector", List.of("0.0", "-0.5", "0.86602540"),
            "Text", List.of("abc"),
            "Nothing", List.of()));

    @Test
    void readsBothForms() {
        for (boolean newer : new boolean[] {true, false}) {
            var header = CsaHeader.parse(CsaBytes.header(newer, TAGS));
            assertThat(header.values()).isEqualTo(TAGS);
            assertThat(header.integer("NumberOfImagesInMosaic")).isEqualTo(48);
            assertThat(header.numbers("SliceNormalVector")).containsExactly(0, -0.5, 0.8660254);
            assertThat(header.numbers("Text")).isEmpty();
            assertThat(header.integer("Missing")).isZero();
        }
    }

    @Test
    void leavesOutWhatIsCutOffOrDamaged() {
        var random = new Random(4);
        for (boolean newer : new boolean[] {true, false}) {
            byte[] whole = CsaBytes.header(newer, TAGS);
            for (int length = 0; length < whole.length; length++) {
                var header = CsaHeader.parse(Arrays.copyOf(whole, length));
                assertThat(TAGS.keySet()).containsAll(header.values().keySet());
            }
            for (int i = 0; i < 2000; i++) {
                byte[] changed = whole.clone();
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
                assertThat(CsaHeader.parse(changed).values()).hasSizeLessThanOrEqualTo(1000);
            }
        }
    }
}
