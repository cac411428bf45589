package konsil.clinic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import konsil.clinic.Message.Content;
import konsil.medgemma.generation.SamplingSettings;
import konsil.medgemma.generation.TokenConstraint;
import konsil.tensor.BadInputException;
import konsil.text.ThoughtSplitter.Part;
import konsil.text.Turn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AssistantTest {
    private static final AnswerSettings SHORT = answer(SamplingSettings.GREEDY, 24);

    @TempDir
    private Path temporary;

    private static AnswerSettings answer(SamplingSettings sampling, int tokens, String... stops) {
        return new AnswerSettings(sampling, tokens, List.of(stops), 0, TokenConstraint.NONE);
    }

    private static List<Content> content(Object... parts) {
        var contents = new ArrayList<Content>();
        for (Object part : parts) {
            contents.add(
                    part instanceof Picture picture ? new Content.Shown(picture) : new Content.Words((String) part));
        }
        return contents;
    }

    private static List<Message> user(Object... parts) {
        return List.of(new Message(Turn.USER, content(parts)));
    }

    private static List<Integer> tokens(Reply reply) {
        return reply.choices().stream().map(choice -> choice.token()).toList();
    }

    /** The greedy ids of golden/gemma3-a/cases.json. */
    @Test
    void saysWhatTheReferenceSays() {
        try (var opened = OpenedAssistant.exact()) {
            var text = opened.assistant()
                    .ask(
                            user("What are the signs of a pneumothorax on a chest radiograph?"),
                            SHORT,
                            AnswerListener.SILENT);
            assertThat(tokens(text)).hasSize(24).containsOnly(263);
            var seen = opened.assistant()
                    .ask(
                            List.of(
                                    Message.of(Turn.SYSTEM, "You are an expert radiologist."),
                                    new Message(
                                            Turn.USER,
                                            content(OpenedAssistant.picture("gray_64x64.png"), "Describe this X-ray"))),
                            SHORT,
                            AnswerListener.SILENT);
            assertThat(tokens(seen)).startsWith(866, 43).hasSize(24);
            assertThat(tokens(seen).subList(1, 24)).containsOnly(43);
            assertThat(seen.end()).isEqualTo(Reply.End.LENGTH);
            assertThat(seen.usage().promptTokens()).isEqualTo(64);
        }
    }

    @Test
    void anAdapterChangesTheAnswerAndIsNamed() {
        try (var plain = OpenedAssistant.exact();
                var adapted = new OpenedAssistant(
                        OpenedAssistant.EXACT,
                        OpenedAssistant.GOLDEN.resolve("gemma3-a"),
                        Optional.of(OpenedAssistant.GOLDEN.resolve("lora-a/final")))) {
            var question = user("What are the signs of a pneumothorax on a chest radiograph?");
            var with = adapted.assistant().ask(question, SHORT, AnswerListener.SILENT);
            var without = plain.assistant().ask(question, SHORT, AnswerListener.SILENT);
            assertThat(tokens(with)).isNotEqualTo(tokens(without));
            assertThat(with.provenance().model().adapter()).hasSize(64);
            assertThat(without.provenance().model().adapter()).isEmpty();
        }
    }

    @Test
    void aConversationReadsOnlyWhatIsNewAndSaysTheSame() {
        var first = content(OpenedAssistant.picture("landscape_640x500.png"), "What is this?");
        var second = content("And what is on the left?");
        try (var opened = OpenedAssistant.exact()) {
            var talk = new Conversation(opened.assistant(), "");
            var answered = talk.say(first, answer(SamplingSettings.GREEDY, 4), AnswerListener.SILENT);
            assertThat(answered.usage().reusedTokens()).isZero();
            var followed = talk.say(second, SHORT, AnswerListener.SILENT);
            assertThat(followed.usage().reusedTokens())
                    .isGreaterThan(answered.usage().promptTokens() - 8);
            assertThat(followed.usage().knownViews()).isEqualTo(1);
            assertThat(talk.messages()).hasSize(4);
            try (var fresh = OpenedAssistant.exact()) {
                var all = List.of(
                        new Message(Turn.USER, first),
                        Message.of(Turn.ASSISTANT, answered.answer()),
                        new Message(Turn.USER, second));
                var whole = fresh.assistant().ask(all, SHORT, AnswerListener.SILENT);
                assertThat(whole.usage().reusedTokens()).isZero();
                assertThat(tokens(whole)).isEqualTo(tokens(followed));
            }
        }
    }

    @Test
    void whatWasSeenIsKeptOnDiskAndDamageIsSeenAnew() throws IOException {
        Path folder = temporary.resolve("seen");
        var question = user(OpenedAssistant.picture("portrait_210x300.png"), "What is this?");
        var settings = OpenedAssistant.keeping(folder);
        Path model = OpenedAssistant.GOLDEN.resolve("gemma3-a");
        List<Integer> said;
        try (var opened = new OpenedAssistant(settings, model, Optional.empty())) {
            var reply = opened.assistant().ask(question, SHORT, AnswerListener.SILENT);
            assertThat(reply.usage().knownViews()).isZero();
            said = tokens(reply);
        }
        for (boolean damaged : new boolean[] {false, true}) {
            if (damaged) {
                try (var files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.writeString(file, "no safetensors");
                    }
                }
            }
            try (var opened = new OpenedAssistant(settings, model, Optional.empty())) {
                var reply = opened.assistant().ask(question, SHORT, AnswerListener.SILENT);
                assertThat(reply.usage().knownViews()).isEqualTo(damaged ? 0 : 1);
                assertThat(tokens(reply)).isEqualTo(said);
            }
        }
    }

    /** Questions that are answered together get the answers that each gets alone. */
    @Test
    void togetherIsAsAlone() {
        var questions = List.of(
                user(OpenedAssistant.picture("gray_64x64.png"), "Describe this X-ray"),
                user("What are the signs of a pneumothorax on a chest radiograph?"),
                user(OpenedAssistant.picture("portrait_210x300.png"), "What is this?"));
        try (var opened = OpenedAssistant.exact()) {
            var alone = questions.stream()
                    .map(question -> tokens(opened.assistant().ask(question, SHORT, AnswerListener.SILENT)))
                    .toList();
            try (var fresh = OpenedAssistant.exact();
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var together = questions.stream()
                        .map(question -> CompletableFuture.supplyAsync(
                                () -> tokens(fresh.assistant().ask(question, SHORT, AnswerListener.SILENT)), threads))
                        .toList();
                assertThat(together.stream().map(CompletableFuture::join).toList())
                        .isEqualTo(alone);
            }
        }
    }

    @Test
    void aSeedSaysTheSameAgain() {
        var drawn = answer(new SamplingSettings(2, 0, 1, 0, 1, 7), 16);
        var other = answer(new SamplingSettings(2, 0, 1, 0, 1, 8), 16);
        try (var opened = OpenedAssistant.exact()) {
            var question = user("Draw.");
            var first = tokens(opened.assistant().ask(question, drawn, AnswerListener.SILENT));
            assertThat(tokens(opened.assistant().ask(question, drawn, AnswerListener.SILENT)))
                    .isEqualTo(first);
            assertThat(tokens(opened.assistant().ask(question, other, AnswerListener.SILENT)))
                    .isNotEqualTo(first);
        }
    }

    @Test
    void stopsBeforeAStopTextAndWhenNobodyWantsMore() {
        var heard = new StringBuilder();
        var listener = new AnswerListener() {
            @Override
            public void said(Part part) {
                heard.append(part instanceof Part.Answer(var words) ? words : "");
            }
        };
        try (var opened = OpenedAssistant.exact()) {
            var question = user(OpenedAssistant.picture("gray_64x64.png"), "Describe this X-ray");
            var whole = opened.assistant().ask(question, SHORT, AnswerListener.SILENT);
            String stop = whole.answer().substring(3, 5);
            var cut = opened.assistant().ask(question, answer(SamplingSettings.GREEDY, 24, stop), listener);
            assertThat(cut.end()).isEqualTo(Reply.End.STOP_TEXT);
            assertThat(cut.answer())
                    .isEqualTo(whole.answer().substring(0, whole.answer().indexOf(stop)))
                    .isEqualTo(heard.toString());
            assertThat(cut.choices().size()).isLessThan(24);
            var none = opened.assistant().ask(question, SHORT, new AnswerListener() {
                @Override
                public boolean cancelled() {
                    return true;
                }
            });
            assertThat(none.end()).isEqualTo(Reply.End.CANCELLED);
            assertThat(none.answered()).isFalse();
        }
    }

    @Test
    void whatDoesNotFitIsSaidBeforeAnythingIsComputed() {
        var picture = OpenedAssistant.picture("gray_64x64.png");
        var pictures = new ArrayList<Object>();
        for (int i = 0; i < 40; i++) {
            pictures.add(picture);
        }
        try (var opened = OpenedAssistant.exact()) {
            assertThatThrownBy(() -> opened.assistant().ask(user(pictures.toArray()), SHORT, AnswerListener.SILENT))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("640 of them for 40 pictures of 16 tokens")
                    .hasMessageContaining("the context holds 600")
                    .hasMessageContaining("fewer pictures");
            String longer = "word ".repeat(700);
            assertThatThrownBy(() -> opened.assistant().ask(user(longer), SHORT, AnswerListener.SILENT))
                    .hasMessageContaining("shorter text");
        }
    }

    @Test
    void theRecordTellsWhatProducedTheAnswer() {
        try (var opened = OpenedAssistant.exact()) {
            var picture = OpenedAssistant.picture("gray_64x64.png");
            var reply = opened.assistant().ask(user(picture, "What is this?"), SHORT, AnswerListener.SILENT);
            Map<String, Object> fields = reply.provenance().fields();
            assertThat(fields.get("prompt").toString()).isEqualTo("""
                            <bos><start_of_turn>user
                            <start_of_image>What is this?<end_of_turn>
                            <start_of_turn>model
                            """);
            assertThat(fields.get("inputs").toString()).contains(picture.sha256(), "stretched, 1 views");
            assertThat(fields.get("model").toString()).contains("gemma3-a", "fingerprint=");
            assertThat(fields.get("notice").toString()).contains("Not a medical device");
        }
    }
}
