package konsil.medgemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Checkpoint;
import konsil.text.ChatTemplate;
import konsil.text.Piece;
import konsil.text.Tokenizer;
import konsil.text.TokenizerFiles;
import konsil.text.Turn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PromptTest {
    private static final Golden GOLDEN = Golden.of("gemma3-a");
    private static final Piece IMAGE = new Piece.Image();

    private static Prompt prompt(MedGemmaConfig config, Tokenizer tokenizer) {
        return new Prompt(config, tokenizer);
    }

    private static MedGemmaConfig config() throws IOException {
        try (var checkpoint = Checkpoint.open(GOLDEN.folder())) {
            return MedGemmaConfig.of(checkpoint);
        }
    }

    private static Prompt prompt() throws IOException {
        return prompt(config(), TokenizerFiles.open(GOLDEN.folder()));
    }

    record Plan(String name, String system, List<Piece> user) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Piece text(String words) {
        return new Piece.Text(words);
    }

    static Stream<Plan> plans() {
        var volume = new ArrayList<Piece>(List.of(text("You are an instructor teaching medical students.\n")));
        IntStream.rangeClosed(1, 5).forEach(slice -> volume.addAll(List.of(text("SLICE " + slice), IMAGE)));
        volume.add(text("Is there a haemorrhage?"));
        return Stream.of(
                new Plan("one_image", "You are an expert radiologist.", List.of(IMAGE, text("Describe this X-ray"))),
                new Plan(
                        "two_images",
                        "",
                        List.of(
                                text("Prior:"),
                                IMAGE,
                                text("Current: "),
                                IMAGE,
                                text("\nCompare the two chest X-rays."))),
                new Plan("volume", "", volume),
                new Plan("text", "", List.of(text("What are the signs of a pneumothorax on a chest radiograph?"))));
    }

    /** The golden prompts have no beginning-of-sequence token in their text; the template has. */
    @ParameterizedTest
    @MethodSource("plans")
    void givesTheIdsOfTheReference(Plan plan) throws IOException {
        var turns = new ArrayList<Turn>();
        if (!plan.system().isEmpty()) {
            turns.add(Turn.of(Turn.SYSTEM, plan.system()));
        }
        turns.add(new Turn(Turn.USER, plan.user()));
        var views = plan.user().stream().filter(IMAGE::equals).map(_ -> 1).toList();
        var sequence = prompt().sequence(ChatTemplate.prompt(turns), views);
        var expected = GOLDEN.cases().stream()
                .filter(c -> c.name().equals(plan.name()))
                .findFirst()
                .orElseThrow();
        assertThat(sequence.ids()).isEqualTo(expected.ids());
        assertThat(sequence.images()).isEqualTo(views.size());
    }

    @Test
    void cropsAreIntroduced() throws IOException {
        var tokenizer = TokenizerFiles.open(GOLDEN.folder());
        var sequence = prompt().sequence(List.of(text("A"), IMAGE, text("B")), List.of(3));
        int soft = config().images().orElseThrow().softToken();
        int[] words = Arrays.stream(sequence.ids()).filter(id -> id != soft).toArray();
        String place = "\n\n<start_of_image><end_of_image>\n\n";
        assertThat(tokenizer.decode(words, konsil.text.Specials.KEEP))
                .isEqualTo("AHere is the original image " + place + " and here are some crops to help you see better "
                        + place + " " + place + "B");
        assertThat(sequence.images()).isEqualTo(3);
    }

    @Test
    void marksInTheTextAreRefused() throws IOException {
        var prompt = prompt();
        for (String words : List.of("see <start_of_image>", "<image_soft_token>", "<start_of_image><end_of_image>")) {
            assertThatThrownBy(() -> prompt.sequence(List.of(text(words)), List.of()))
                    .as(words)
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("mark that stands for an image");
        }
    }

    @Test
    void tokenizersOfOtherModelsAreRefused() throws IOException {
        var config = config();
        var other = TokenizerFiles.open(GOLDEN.folder().resolveSibling("text").resolve("unknown.model"));
        assertThatThrownBy(() -> prompt(config, other))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("do not belong together");
    }
}
