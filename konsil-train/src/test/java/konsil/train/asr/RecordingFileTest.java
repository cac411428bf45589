package konsil.train.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import konsil.tensor.BadInputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingFileTest {
    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void sound() throws IOException {
        data = folder.resolve("train.jsonl");
        Files.createDirectory(folder.resolve("clips"));
        Files.write(folder.resolve("clips/a.wav"), new byte[1]);
    }

    @Test
    void eachLineIsASoundAndItsText() throws IOException {
        Files.writeString(data, """
                {"audio": "clips/a.wav", "text": " no effusion {period} ", "speaker": 3}

                {"text": "clear", "audio": {"path": "clips/../clips/a.wav", "sampling_rate": 16000}}
                """);
        Path sound = folder.toAbsolutePath().resolve("clips/a.wav");
        assertThat(RecordingFile.read(data))
                .containsExactly(new Recording(1, sound, "no effusion {period}"), new Recording(3, sound, "clear"));
    }

    @Test
    void allThatIsWrongIsSaidWithItsLineAndWithoutWhatItHolds() throws IOException {
        Files.writeString(data, """
                {"audio": "clips/a.wav", "text": "fine"}
                {"audio": "clips/secret.wav", "text": "x"}
                {"audio": "clips/a.wav", "text": "  "}
                {"audio": "clips/a.wav"}
                {"audio": 5, "text": "x"}
                [1]
                {"audio": "clips/a.wav", "text":
                """);
        assertThatThrownBy(() -> RecordingFile.read(data))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("6 things cannot be used")
                .hasMessageContaining("line 2: audio: there is no such sound file")
                .hasMessageContaining("line 3: text: want words, got none")
                .hasMessageContaining("line 4: text: want text, got nothing")
                .hasMessageContaining("line 5: audio: want text")
                .hasMessageContaining("line 6: the line: want an object")
                .hasMessageContaining("line 7: ")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aFileWithoutRecordingsIsRefused() throws IOException {
        Files.writeString(data, "\n\n");
        assertThatThrownBy(() -> RecordingFile.read(data)).hasMessage(data + ": holds no recording");
        assertThatThrownBy(() -> RecordingFile.read(folder)).hasMessageContaining("want a file of recordings");
    }

    @Test
    void everyTruncationIsReadOrRefused() throws IOException {
        byte[] whole = "{\"audio\": {\"path\": \"clips/a.wav\"}, \"text\": \"kl\u00e4r {period}\"}"
                .getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> RecordingFile.read(data, new ByteArrayInputStream(part)))
                    .isInstanceOf(BadInputException.class);
        }
        assertThat(RecordingFile.read(data, new ByteArrayInputStream(whole))).hasSize(1);
    }
}
