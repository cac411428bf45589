package konsil.clinic.dictation;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Whatever the text, every character of it is accounted for. A normal test run replays the saved inputs. */
class DictationFuzzTest {
    private static final DictationFormatter FORMATTER = new DictationFormatter(DictationSettings.ALL);

    @FuzzTest(maxDuration = "10m")
    void format(byte[] data) {
        DictationPropertiesTest.checkSpans(FORMATTER.format(new String(data, StandardCharsets.UTF_8)));
    }
}
