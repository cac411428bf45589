package konsil.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import konsil.tensor.file.Json;
import org.junit.jupiter.api.Test;

final class ChatTemplateTest {
    @Test
    void everyConversationIsRenderedAsTheReferenceDoes() throws IOException {
        int refused = 0;
        var conversations = TextGolden.list(TextGolden.path("text/chat.json"));
        assertThat(conversations).hasSizeGreaterThan(100);
        for (var conversation : conversations) {
            var turns = turns(conversation.fields().get("messages"));
            refused += agrees(conversation, "prompt", turns, ChatTemplate::prompt);
            agrees(conversation, "transcript", turns, ChatTemplate::transcript);
        }
        assertThat(refused).isBetween(10, conversations.size() / 2);
    }

    private static int agrees(
            Json.Obj conversation, String name, List<Turn> turns, Function<List<Turn>, List<Piece>> template) {
        if (conversation.fields().get(name) instanceof Json.Text(var wanted)) {
            var pieces = template.apply(turns);
            assertThat(ChatTemplate.text(pieces)).as("%s", turns).isEqualTo(wanted);
            for (int i = 1; i < pieces.size(); i++) {
                assertThat(pieces.get(i - 1) instanceof Piece.Text && pieces.get(i) instanceof Piece.Text)
                        .isFalse();
            }
            return 0;
        }
        assertThatThrownBy(() -> template.apply(turns)).as("%s", turns).isInstanceOf(BadConversationException.class);
        return 1;
    }

    private static List<Turn> turns(Json messages) {
        var turns = new ArrayList<Turn>();
        for (var message : TextGolden.objects(messages)) {
            String role = ((Json.Text) message.fields().get("role")).value();
            turns.add(
                    message.fields().get("content") instanceof Json.Text(var words)
                            ? Turn.of(role, words)
                            : new Turn(role, pieces(message.fields().get("content"))));
        }
        return turns;
    }

    private static List<Piece> pieces(Json content) {
        var pieces = new ArrayList<Piece>();
        for (var item : TextGolden.objects(content)) {
            pieces.add(
                    item.fields().get("text") instanceof Json.Text(var words)
                            ? new Piece.Text(words)
                            : new Piece.Image());
        }
        return pieces;
    }

    @Test
    void imagesKeepTheirPlace() {
        var image = new Piece.Image();
        var turn = new Turn(Turn.USER, List.of(new Piece.Text(" Prior: "), image, image, new Piece.Text("Now?\n")));
        assertThat(ChatTemplate.prompt(List.of(Turn.of(Turn.SYSTEM, "Be brief."), turn)))
                .containsExactly(
                        new Piece.Text("<bos><start_of_turn>user\nBe brief.\n\nPrior:"),
                        image,
                        image,
                        new Piece.Text("Now?<end_of_turn>\n<start_of_turn>model\n"));
    }

    @Test
    void errorsTellTheTurn() {
        var user = Turn.of(Turn.USER, "Meier");
        var system = Turn.of(Turn.SYSTEM, "x");
        assertThatThrownBy(() -> ChatTemplate.prompt(List.of()))
                .hasMessage("a conversation: want at least one turn, got none");
        assertThatThrownBy(() -> ChatTemplate.prompt(List.of(system, user, user)))
                .hasMessage("turn 3 of a conversation: want the assistant; after an optional system turn, "
                        + "they alternate");
        assertThatThrownBy(() -> ChatTemplate.prompt(List.of(Turn.of(Turn.ASSISTANT, "x"))))
                .hasMessageStartingWith("turn 1 of a conversation: want the user;");
        assertThatThrownBy(() -> ChatTemplate.prompt(List.of(new Turn(Turn.SYSTEM, List.of()), user)))
                .hasMessage("the system turn of a conversation: want text as its first piece");
    }
}
