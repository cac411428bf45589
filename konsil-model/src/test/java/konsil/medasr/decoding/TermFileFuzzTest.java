package konsil.medasr.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import konsil.tensor.file.BadFileException;

/** Whatever the bytes, a list of terms that can be looked for, or a {@link BadFileException} that names the line. */
class TermFileFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void terms(byte[] data) {
        try {
            var list = TermFile.parse(data, Path.of("fuzz.txt"));
            var terms = Terms.of(TermsTest.LETTERS, list, TermsTest::spell, 1);
            assertThat(terms.unspellable().size()).isLessThanOrEqualTo(list.size());
            int[] tokens = TermsTest.spell("bad a 2 b cab.", true);
            assertThat(terms.text(tokens)).isNotEmpty();
            assertThat(terms.finished(TermsTest.heard(terms, tokens)))
                    .isNotNegative()
                    .isFinite();
        } catch (BadFileException refused) {
            assertThat(refused).hasMessageStartingWith("fuzz.txt: ");
        }
    }
}
