package konsil.medasr.lm;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.MappedBytes;

/** Whatever the bytes, a model that gives finite numbers, or a {@link BadFileException} that names the file. */
class LmFuzzTest {
    private static final Path NAME = Path.of("fuzz.lm");
    private static final String[] WORDS = {"#no", "#pleural", "a", "<s>", "</s>", "t", "\u00e4", "", "#effusion", "."};

    @FuzzTest(maxDuration = "10m")
    void arpa(byte[] data) throws IOException {
        works(() -> ArpaFile.read(new ByteArrayInputStream(data), NAME));
    }

    @FuzzTest(maxDuration = "10m")
    void kenlm(byte[] data) throws IOException {
        works(() -> KenLmFile.open(MappedBytes.of(NAME, data)));
    }

    interface Reader {
        NGramModel read() throws IOException;
    }

    /** @return whether it was a model */
    static boolean works(Reader reader) throws IOException {
        try (var model = reader.read()) {
            var state = model.start();
            for (int i = 0; i < 40; i++) {
                var scored = model.score(state, model.wordId(WORDS[i * 7 % WORDS.length]));
                assertThat(scored.log10()).isFinite();
                assertThat(scored.next().length()).isLessThan(model.order());
                state = scored.next();
            }
            return true;
        } catch (BadFileException refused) {
            assertThat(refused).hasMessageStartingWith("fuzz.lm: ");
            return false;
        }
    }
}
