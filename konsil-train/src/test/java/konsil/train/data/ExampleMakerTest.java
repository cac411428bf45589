package konsil.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import konsil.kernel.Workers;
import konsil.medgemma.MedGemmaConfig;
import konsil.medgemma.PixelInputs;
import konsil.medgemma.PixelSettings;
import konsil.media.ImageSettings;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Checkpoint;
import konsil.text.Specials;
import konsil.text.Tokenizer;
import konsil.text.TokenizerFiles;
import konsil.train.CrossEntropy;
import konsil.train.GoldenFolder;
import konsil.train.gemma.Example;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExampleMakerTest {
    private static final Path BASE = GoldenFolder.of("gemma3-a");

    @TempDir
    Path folder;

    private Checkpoint files;
    private Tokenizer tokenizer;
    private MedGemmaConfig config;
    private ExampleMaker maker;
    private final Workers workers = new Workers(2);

    @BeforeEach
    void open() throws IOException {
        files = Checkpoint.open(BASE);
        tokenizer = TokenizerFiles.of(files);
        config = MedGemmaConfig.of(files);
        var pixels = new PixelInputs(PixelSettings.gemma(112));
        maker = new ExampleMaker(config, tokenizer, pixels, ImageSettings.careful(), Studies.NONE);
    }

    @AfterEach
    void close() {
        workers.close();
        files.close();
    }

    private List<Example> examples(String text, Masking masking, int longest) throws IOException {
        Path file = folder.resolve("d.jsonl");
        Files.writeString(file, text.replace("IMAGES", BASE.resolve("images").toString()));
        return maker.examples(file, ConversationFile.read(file), masking, longest, workers, _ -> {});
    }

    /** The labelled tokens as text. */
    private String learnt(Example example) {
        int[] ids = IntStream.of(example.labels())
                .filter(label -> label != CrossEntropy.IGNORED)
                .toArray();
        return tokenizer.decode(ids, Specials.KEEP);
    }

    private static final String TWO_TURNS = """
            {"messages":[{"role":"system","content":"Be short."},\
            {"role":"user","content":[{"type":"text","text":"Look: "},\
            {"type":"image","image":"IMAGES/gray_64x64.png"},{"type":"text","text":"what?"}]},\
            {"role":"assistant","content":" No effusion. "},{"role":"user","content":"Sure?"},\
            {"role":"assistant","content":"Yes."}]}
            """;

    @Test
    void onlyAnswersAreLearntWithTheEndOfTheirTurns() throws IOException {
        var example = examples(TWO_TURNS, Masking.ANSWER, 500).getFirst();
        assertThat(learnt(example)).isEqualTo("No effusion.<end_of_turn>\nYes.<end_of_turn>\n");
        assertThat(example.images()).hasSize(1);
        assertThat(example.images().getFirst().pixels().read()).hasSize(3 * 112 * 112);
        for (int row = 0; row + 1 < example.labels().length; row++) {
            assertThat(example.labels()[row])
                    .isIn(CrossEntropy.IGNORED, example.sequence().id(row + 1));
        }
        assertThat(example.labels()[example.labels().length - 1]).isEqualTo(CrossEntropy.IGNORED);
    }

    @Test
    void ofAWholeConversationImagesAreLeftOut() throws IOException {
        var example = examples(TWO_TURNS, Masking.ALL, 500).getFirst();
        var images = config.images().orElseThrow();
        assertThat(example.labels())
                .doesNotContain(images.softToken(), images.beginToken())
                .contains(images.endToken());
        // all tokens but the first, the soft ones and the beginning of the image
        assertThat(example.learnt()).isEqualTo(example.sequence().size() - 1 - images.tokensPerImage() - 1);
    }

    @Test
    void whatCannotBeLearntIsNamedByLine() throws IOException {
        Files.writeString(folder.resolve("x.png"), "no picture");
        String text = """
                {"messages":[{"role":"user","content":"a"}]}
                {"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"},\
                {"role":"assistant","content":"c"}]}
                {"messages":[{"role":"user","content":[{"type":"image","image":"x.png"}]},\
                {"role":"assistant","content":"c"}]}
                {"messages":[{"role":"user","content":"%s"},{"role":"assistant","content":"c"}]}
                {"messages":[{"role":"user","content":"<start_of_image>"},{"role":"assistant","content":"c"}]}
                """.formatted("word ".repeat(300));
        assertThatThrownBy(() -> examples(text, Masking.ANSWER, 100))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("5 things")
                .hasMessageContaining("line 1: nothing to learn")
                .hasMessageContaining("line 2: turn 2 of a conversation")
                .hasMessageContaining("line 3: x.png")
                .hasMessageContaining("line 4: has ")
                .hasMessageContaining("line 5: the text contains a mark");
    }

    @Test
    void questionsEndWithTheUser() throws IOException {
        Path file = folder.resolve("q.jsonl");
        Files.writeString(file, "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}");
        var questions = maker.questions(file, ConversationFile.read(file), 100, workers, _ -> {});
        String text = tokenizer.decode(questions.getFirst().sequence().ids(), Specials.KEEP);
        assertThat(text).isEqualTo("<bos><start_of_turn>user\na<end_of_turn>\n<start_of_turn>model\n");
        Files.writeString(
                file, TWO_TURNS.replace("IMAGES", BASE.resolve("images").toString()));
        assertThatThrownBy(() -> maker.questions(file, ConversationFile.read(file), 100, workers, _ -> {}))
                .hasMessageContaining("want the last one to be the user's");
    }
}
