package konsil.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import konsil.tensor.BadInputException;

/** Whatever the bytes, a file of conversations is read or refused. A normal run replays saved inputs. */
class ConversationFileFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void read(byte[] data) throws IOException {
        try {
            var read = ConversationFile.read(Path.of("fuzz.jsonl"), new ByteArrayInputStream(data));
            assertThat(read).isNotEmpty().allSatisfy(one -> assertThat(one.messages())
                    .isNotEmpty());
        } catch (BadInputException refused) {
            assertThat(refused).hasMessageStartingWith("fuzz.jsonl: ");
        }
    }
}
