package konsil.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConversationFileTest {
    private static final String GOOD = """
            {"messages":[{"role":"system","content":"Be short."},\
            {"role":"user","content":[{"type":"image","image":"a.png"},\
            {"type":"text","text":"What?"}]},\
            {"role":"assistant","content":[{"type":"text","text":"Täl."}]}],"answer":"B"}
            {"images":["a.png","b/c.png"],"messages":[{"role":"user","content":[{"type":"image"},\
            {"type":"text","text":"x"},\
            {"type":"image"}]},{"role":"assistant","content":"y"}]}
            """;

    @TempDir
    Path folder;

    private Path write(String text) throws IOException {
        Files.createDirectories(folder.resolve("b"));
        Files.writeString(folder.resolve("a.png"), "");
        Files.writeString(folder.resolve("b/c.png"), "");
        Path file = folder.resolve("d.jsonl");
        Files.writeString(file, text);
        return file;
    }

    @Test
    void bothLayoutsOfImagesAndMoreFieldsAreRead() throws IOException {
        var read = ConversationFile.read(write(GOOD + "\n"));
        assertThat(read).hasSize(2);
        var first = read.getFirst();
        assertThat(first.line()).isEqualTo(1);
        assertThat(first.more()).containsExactly(Map.entry("answer", new Json.Text("B")));
        assertThat(first.messages().get(1).parts())
                .containsExactly(
                        new Conversation.Part.Image(folder.resolve("a.png")), new Conversation.Part.Words("What?"));
        assertThat(first.messages().get(2).parts()).isEqualTo(List.of(new Conversation.Part.Words("Täl.")));
        assertThat(read.get(1).messages().getFirst().parts())
                .containsExactly(
                        new Conversation.Part.Image(folder.resolve("a.png")),
                        new Conversation.Part.Words("x"),
                        new Conversation.Part.Image(folder.resolve("b/c.png")));
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceWithItsLine() throws IOException {
        String bad = """
                {"messages":[]}
                not json
                {"messages":[{"role":"doctor","content":"secret words"}]}
                {"messages":[{"role":"user","content":[{"type":"image","image":"no.png"}]}]}
                {"messages":[{"role":"user","content":[{"type":"video"}]}]}
                {"messages":[{"role":"user","content":[{"type":"image"}]}]}
                {"images":["a.png"],"messages":[{"role":"user","content":"x"}]}
                {"messages":[{"role":"assistant","content":[{"type":"image","path":"a.png"}]}]}
                [1]
                """;
        assertThatThrownBy(() -> ConversationFile.read(write(GOOD + bad)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("9 things cannot be used")
                .hasMessageContaining("line 3: messages: want at least one")
                .hasMessageContaining("line 4: ")
                .hasMessageContaining("line 5: messages[0].role: want system, user or assistant")
                .hasMessageContaining("line 6: messages[0].content[0]: there is no such image file")
                .hasMessageContaining("line 7: messages[0].content[0].type: want text, image or study")
                .hasMessageContaining("line 8: messages[0].content[0]: want the path of a file in image or path")
                .hasMessageContaining("line 9: images: has more paths")
                .hasMessageContaining("line 10: messages[0]: the assistant answers in text alone")
                .hasMessageContaining("line 11: the line: want an object, got a list")
                .hasMessageNotContaining("secret");
    }

    @Test
    void manyErrorsAreCapped() throws IOException {
        assertThatThrownBy(() -> ConversationFile.read(write("[]\n".repeat(50))))
                .hasMessageContaining("50 things")
                .hasMessageContaining("line 20:")
                .hasMessageContaining("and 30 more")
                .hasMessageNotContaining("line 21:");
    }

    @Test
    void emptyAbsentAndNotUtf8AreRefused() throws IOException {
        assertThatThrownBy(() -> ConversationFile.read(write("\n\n"))).hasMessageContaining("holds no conversation");
        assertThatThrownBy(() -> ConversationFile.read(folder)).hasMessageContaining("want a file of conversations");
        byte[] latin = GOOD.getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> ConversationFile.read(folder.resolve("d"), new ByteArrayInputStream(latin)))
                .hasMessageContaining("this is not UTF-8");
    }

    @Test
    void cutOrChangedFilesAreReadOrRefused() throws IOException {
        Path file = write(GOOD);
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < good.length; length++) {
            readOrRefuse(file, Arrays.copyOf(good, length));
        }
        var random = new Random(3);
        for (int round = 0; round < 2000; round++) {
            byte[] changed = good.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            readOrRefuse(file, changed);
        }
    }

    private static void readOrRefuse(Path file, byte[] bytes) throws IOException {
        try {
            assertThat(ConversationFile.read(file, new ByteArrayInputStream(bytes)))
                    .isNotEmpty();
        } catch (BadInputException refused) {
            assertThat(refused).hasMessageContaining("d.jsonl");
        }
    }
}
