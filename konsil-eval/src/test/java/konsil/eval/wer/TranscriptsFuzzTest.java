package konsil.eval.wer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.List;
import konsil.tensor.file.BadFileException;

/** Whatever the bytes, a file of transcripts pairs with itself, or is refused. A normal run replays saved inputs. */
class TranscriptsFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void read(byte[] data) {
        Transcripts transcripts;
        try {
            transcripts = Transcripts.parse(data, Path.of("fuzz.bin"));
        } catch (BadFileException refused) {
            assertThat(refused).hasMessageStartingWith("fuzz.bin: ");
            return;
        }
        List<Utterance> pairs = transcripts.pairedWith(transcripts);
        assertThat(pairs).hasSize(transcripts.size());
        for (Utterance pair : pairs) {
            String normal = Normaliser.NONE.apply(pair.reference());
            assertThat(Alignment.of(normal, Normaliser.NONE.apply(pair.hypothesis()))
                            .counts()
                            .errors())
                    .isZero();
        }
    }
}
