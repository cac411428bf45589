package konsil.medgemma.inputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import konsil.medgemma.inputs.Localisation.Box;
import konsil.medgemma.inputs.Localisation.Boxes;
import konsil.medgemma.inputs.Localisation.PixelBox;
import konsil.media.Raster;
import konsil.text.ChatTemplate;
import konsil.text.Piece;
import konsil.text.TokenizerFiles;
import konsil.text.Turn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptsTest {
    private static String text(Turn turn) {
        return ChatTemplate.text(ChatTemplate.prompt(List.of(turn)));
    }

    @Test
    void slicesHaveTheirNumbersBehindThemAndTheQuestionLast() {
        assertThat(text(ImagePrompts.slices("Look.", 2, "\n\nWhat is there?")))
                .isEqualTo("<bos><start_of_turn>user\nLook.<start_of_image>SLICE 1<start_of_image>SLICE 2"
                        + "What is there?<end_of_turn>\n<start_of_turn>model\n");
        assertThat(ImagePrompts.slices("", 1, "Q").pieces().getFirst()).isInstanceOf(Piece.Image.class);
        assertThat(ImagePrompts.slices(ImagePrompts.CT_INSTRUCTION, 85, "Q").pieces())
                .hasSize(172);
    }

    @Test
    void otherOrdersAreAsPublished() {
        assertThat(text(ImagePrompts.wordsFirst(ImagePrompts.PATHOLOGY_INSTRUCTION + "colon, biopsy:", 2)))
                .contains("descriptive text.\ncolon, biopsy:<start_of_image><start_of_image><end_of_turn>");
        assertThat(text(ImagePrompts.imagesFirst(2, ImagePrompts.COMPARISON)))
                .contains("user\n<start_of_image><start_of_image>Provide a comparison of these two images");
        assertThat(text(ImagePrompts.imagesFirst(1, Localisation.question("right clavicle"))))
                .contains("user\n<start_of_image>Instructions:\nThe following")
                .contains("Query:\nWhere is the right clavicle? Don't give")
                .contains("[y0, x0, y1, x1]")
                .endsWith("\"label\" key. Answer:<end_of_turn>\n<start_of_turn>model\n");
    }

    @Test
    void countsTokensBeforeAnythingRuns() {
        // A tokenizer of one token a character, but for runs of line breaks.
        var turns = List.of(ImagePrompts.slices("ab", 2, "cd"));
        var limits = new TokenBudget.Limits(256, 1, 100, 1000);
        var budget = TokenBudget.of(turns, text -> text.replaceAll("\n+", "N").length(), limits);
        assertThat(budget.images()).isEqualTo(2);
        assertThat(budget.imageTokens()).isEqualTo(2 * 258);
        String rendered = "<bos><start_of_turn>user\nabNNSLICE 1NNSLICE 2cd<end_of_turn>\n<start_of_turn>model\n";
        assertThat(budget.textTokens()).isEqualTo(rendered.length());
        assertThat(budget.fits()).isTrue();
        assertThat(new TokenBudget(2, 516, 100, 385, 1000).fits()).isFalse();
        assertThat(new TokenBudget(2, 516, 100, 384, 1000).fits()).isTrue();
        assertThat(budget.imagesThatFit()).isEqualTo((1000 - 100 - rendered.length()) / 258);
        assertThat(budget.toString()).contains("2 pictures (516 tokens)").contains("they fit into 1000");
        // Two pictures next to each other share one run of line breaks.
        var patches = List.of(ImagePrompts.wordsFirst("x", 2));
        var two = TokenBudget.of(patches, text -> text.replaceAll("\n+", "N").length(), limits);
        assertThat(two.textTokens())
                .isEqualTo("<bos><start_of_turn>user\nxNNN<end_of_turn>\n<start_of_turn>model\n".length());
        var scanned = TokenBudget.of(patches, String::length, new TokenBudget.Limits(256, 3, 0, 10_000));
        assertThat(scanned.images()).isEqualTo(6);
    }

    @Test
    void countsWhatATokenizerGives() throws IOException {
        var tokenizer = TokenizerFiles.open(InputGolden.path("gemma3-a/tokenizer.json"));
        String image = "\n\n<start_of_image>" + "<image_soft_token>".repeat(16) + "<end_of_image>\n\n";
        for (Turn turn : List.of(
                ImagePrompts.slices(ImagePrompts.CT_INSTRUCTION, 5, "\n\nIs there a lesion?"),
                ImagePrompts.wordsFirst("Describe.\n", 3),
                ImagePrompts.imagesFirst(2, ImagePrompts.COMPARISON))) {
            var rendered = new StringBuilder();
            for (Piece piece : ChatTemplate.prompt(List.of(turn))) {
                rendered.append(piece instanceof Piece.Text(var words) ? words : image);
            }
            var limits = new TokenBudget.Limits(16, 1, 0, 10_000);
            var budget = TokenBudget.of(List.of(turn), tokenizer::count, limits);
            assertThat(budget.promptTokens()).isEqualTo(tokenizer.count(rendered.toString()));
        }
    }

    @Test
    void findsBoxesWhateverStandsAround() {
        String answer =
                "<unused94>thought\n[{\"box_2d\": [1, 2, 3, 4]}]<unused95>The clavicle lies above.\nFinal Answer:"
                        + " ```json[{\"box_2d\": [140, 110, 340, 470], \"label\": \"right clavicle\"},"
                        + " {\"label\": \"a \\\"b\\\"\", \"box_2d\": [0,0.5,1000,1000]}]```";
        assertThat(Localisation.boxes(answer))
                .isEqualTo(new Boxes.Found(List.of(
                        new Box("right clavicle", 140, 110, 340, 470), new Box("a \"b\"", 0, 0.5, 1000, 1000))));
        assertThat(Localisation.boxes("Final Answer: [{\"box_2d\": [1, 2, 3, 4]}]"))
                .isEqualTo(new Boxes.Found(List.of(new Box("", 1, 2, 3, 4))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "There is none.",
                "<unused94>thought\n```json[{\"box_2d\": [1, 2, 3, 4]}]```",
                "```json[{\"box_2d\": [1, 2, 3]}]```",
                "```json[{\"box_2d\": [3, 2, 1, 4]}]```",
                "```json[{\"box_2d\": [1, 2, 3, 1001]}]```",
                "```json[{\"box_2d\": [1, 2, 3, .-.]}]```",
                "```json[{\"label\": \"x\"}]```",
                "```json[]```"
            })
    void saysWhenThereIsNoBox(String answer) {
        assertThat(Localisation.boxes(answer)).isInstanceOf(Boxes.Unreadable.class);
    }

    @Test
    void boxesReferToThePaddedSquare() {
        // 600 x 1000: 200 columns of border on each side.
        assertThat(new Box("x", 100, 200, 500, 700).on(600, 1000)).isEqualTo(new PixelBox("x", 0, 100, 500, 500));
        assertThat(new Box("x", 100, 200, 500, 700).on(1000, 600)).isEqualTo(new PixelBox("x", 200, 0, 700, 300));
        assertThat(new Box("x", 0, 0, 100, 1000).on(1000, 600).isEmpty()).isTrue();
        // An odd border is wider on the right, as Raster.paddedToSquare makes it.
        assertThat(new Box("x", 0, 0, 1000, 1000).on(3, 6)).isEqualTo(new PixelBox("x", 0, 0, 3, 6));
        for (int width : new int[] {7, 100, 333}) {
            for (int height : new int[] {8, 100, 1000}) {
                int side = Math.max(width, height);
                int leftBorder = (side - width) / 2;
                int topBorder = (side - height) / 2;
                double left = leftBorder * 1000.0 / side;
                double top = topBorder * 1000.0 / side;
                var box = new Box("x", top, left, top + height * 1000.0 / side, left + width * 1000.0 / side);
                assertThat(box.on(width, height)).isEqualTo(new PixelBox("x", 0, 0, width, height));
                assertThat(box.x1()).isCloseTo(left + width * 1000.0 / side, within(1e-9));
            }
        }
    }

    @Test
    void drawsBoxesWithTheirNames() {
        var picture = new Raster(100, 50, new byte[3 * 100 * 50]);
        var box = new Box("lung", 400, 200, 700, 600);
        Raster drawn = BoxDrawing.drawn(picture, List.of(box, new Box("off", 0, 0, 200, 1000)));
        // On the picture 20..60 from the left and, with 25 rows of border above, 15..45 from the top.
        int colour = 0xE6;
        for (int x = 20; x < 60; x++) {
            assertThat(drawn.samples()[3 * (15 * 100 + x)] & 0xFF).isEqualTo(colour);
            assertThat(drawn.samples()[3 * (44 * 100 + x)] & 0xFF).isEqualTo(colour);
        }
        assertThat(drawn.samples()[3 * (16 * 100 + 21)]).isZero();
        assertThat(drawn.samples()[3 * (46 * 100 + 30)]).isZero();
        int ink = 0;
        for (int i = 3 * 8 * 100; i < 3 * 15 * 100; i += 3) {
            ink += drawn.samples()[i] == 0 ? 0 : 1;
        }
        assertThat(ink).isBetween(20, 60);
        assertThat(picture.samples()).containsOnly(0);
    }
}
