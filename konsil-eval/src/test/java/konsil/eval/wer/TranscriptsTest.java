package konsil.eval.wer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import konsil.tensor.file.BadFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TranscriptsTest {
    private static Transcripts parse(String name, String text) {
        return Transcripts.parse(text.getBytes(StandardCharsets.UTF_8), Path.of(name));
    }

    private static List<Utterance> pairs(String references, String hypotheses) {
        return parse("ref", references).pairedWith(parse("hyp", hypotheses));
    }

    @Test
    void plainLinesPairByPlace() {
        assertThat(pairs("\uFEFFa b\r\n\nc\n", "x\ny\n\n"))
                .containsExactly(
                        new Utterance("1", "a b", "x"), new Utterance("2", "", "y"), new Utterance("3", "c", ""));
    }

    @Test
    void idsPairWhateverTheOrderAndKind() {
        String json = "{\"text\":\"two\",\"id\":2,\"more\":[1]}\n\n{\"id\":\"1\",\"text\":\"one\"}\n";
        assertThat(pairs("1\ta\n2\tb\n", json))
                .containsExactly(new Utterance("1", "a", "one"), new Utterance("2", "b", "two"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a;b | x | hyp: want as many utterances as ref has, 2; got 1",
                "1\ta | x | hyp: want ids in both files or in neither",
                "1\ta | 2\tb | hyp: lacks the id of line 1 of ref",
                "1\ta;1\tb | x;y | ref: line 2: its id is that of line 1 already",
                "{`id`:1} | x | ref: line 1: this is not valid JSON",
                "{\"id\":1} | x | ref: line 1: want \"text\" with a text",
                "{\"text\":\"Meier\"} | x | ref: line 1: want \"id\"",
                "{\"id\":1,\"text\":\"a\"};Meier | x | ref: line 2: this is not valid JSON",
                "{\"id\":1,\"text\":\"a\"};[] | x | ref: line 2: want an object, got a list",
            })
    void badFilesAreTold(String references, String hypotheses, String message) {
        assertThatThrownBy(() -> pairs(references.replace(';', '\n'), hypotheses.replace(';', '\n')))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("Meier");
    }

    @Test
    void otherEncodingsAreRefused() {
        assertThatThrownBy(() -> Transcripts.parse(new byte[] {'a', (byte) 0xFC}, Path.of("ref")))
                .isInstanceOf(BadFileException.class)
                .hasMessage("ref: want text in UTF-8");
    }

    @Test
    void cutAndChangedFilesAreReadOrRefused() {
        byte[] whole = "{\"id\":\"a\",\"text\":\"caf\u00e9 one\"}\n{\"id\":2,\"text\":\"two\"}\n"
                .getBytes(StandardCharsets.UTF_8);
        var random = new Random(1);
        for (int n = 0; n < whole.length * 8; n++) {
            byte[] bytes = n < whole.length ? java.util.Arrays.copyOf(whole, n) : whole.clone();
            if (n >= whole.length) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            try {
                assertThat(Transcripts.parse(bytes, Path.of("ref")).size()).isBetween(0, 4);
            } catch (BadFileException refused) {
                assertThat(refused).hasMessageStartingWith("ref: ");
            }
        }
    }
}
