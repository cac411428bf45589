package konsil.train.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import konsil.tensor.BadInputException;

/** Whatever the bytes, they are texts that a tokenizer can be trained on, or refused by line. */
class TrainingTextsFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void jsonLines(byte[] data) throws IOException {
        trains(data, Path.of("fuzz.jsonl"));
    }

    @FuzzTest(maxDuration = "2m")
    void lines(byte[] data) throws IOException {
        trains(data, Path.of("fuzz.txt"));
    }

    private static void trains(byte[] data, Path name) throws IOException {
        var words = new Words(Words.Cutting.SPACES);
        try {
            TrainingTexts.read(new ByteArrayInputStream(data), name, words::add);
            TrainedTokenizer.gemma(words, TrainingSettings.of(400));
        } catch (BadInputException refused) {
            assertThat(refused.getMessage()).matches("(fuzz.*: line |size: ).*");
        }
    }
}
