package konsil.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.text.ThoughtSplitter.Part;
import konsil.text.ThoughtSplitter.Reply;
import org.junit.jupiter.api.Test;

final class ThoughtSplitterTest {
    private final Tokenizer tokenizer = TextGolden.gemma();
    private final List<Part> parts = new ArrayList<>();

    ThoughtSplitterTest() throws IOException {}

    private Reply reply(String text) {
        return reply(tokenizer, text);
    }

    private Reply reply(Tokenizer tokenizer, String text) {
        var splitter = new ThoughtSplitter(tokenizer);
        for (int id : tokenizer.encode(text)) {
            parts.addAll(splitter.accept(id));
        }
        parts.addAll(splitter.finish());
        return splitter.reply();
    }

    /** What a reader has in front of him: thought and answer, with what was withdrawn moved. */
    private List<String> shown() {
        var thought = new StringBuilder();
        var answer = new StringBuilder();
        for (var part : parts) {
            switch (part) {
                case Part.Thought(var words) -> thought.append(words);
                case Part.Answer(var words) -> answer.append(words);
                case Part.Withdrawn() -> {
                    thought.append(answer);
                    answer.setLength(0);
                }
            }
        }
        return List.of(thought.toString(), answer.toString());
    }

    @Test
    void thoughtAndAnswer() {
        assertThat(reply("<unused94>thought\nIs it 3 cm?\n<unused95>No, 3 mm.<end_of_turn>"))
                .isEqualTo(new Reply.Answered("Is it 3 cm?\n", "No, 3 mm."));
        assertThat(shown()).containsExactly("Is it 3 cm?\n", "No, 3 mm.");
        assertThat(parts).hasSizeGreaterThan(4);
    }

    @Test
    void withoutThoughtAllIsAnswer() {
        assertThat(reply("thought\nNormal heart.<end_of_turn>"))
                .isEqualTo(new Reply.Answered("", "thought\nNormal heart."));
        assertThat(parts).allMatch(Part.Answer.class::isInstance);
    }

    @Test
    void aThoughtThatIsCutOffIsNoAnswer() {
        assertThat(reply("<unused94>thought\nFinal Answer: yes")).isEqualTo(new Reply.Unanswered("Final Answer: yes"));
        assertThat(parts).allMatch(Part.Thought.class::isInstance);
    }

    @Test
    void cutOffInTheHeading() {
        assertThat(reply("<unused94>thou")).isEqualTo(new Reply.Unanswered("thou"));
        assertThat(reply("<unused94>thou<unused95>")).isEqualTo(new Reply.Answered("thou", ""));
    }

    @Test
    void aHeadingIsTakenOffOnceAndOnlyWhole() {
        assertThat(reply("<unused94>thought\nthought\nx<unused95>y")).isEqualTo(new Reply.Answered("thought\nx", "y"));
        assertThat(reply("<unused94>thoughts<unused95>y")).isEqualTo(new Reply.Answered("thoughts", "y"));
    }

    @Test
    void aCloseWithoutAnOpeningWithdrawsWhatWasShown() {
        assertThat(reply("I think so.<unused95>Yes.")).isEqualTo(new Reply.Answered("I think so.", "Yes."));
        assertThat(parts).contains(new Part.Withdrawn());
        assertThat(shown()).containsExactly("I think so.", "Yes.");
    }

    @Test
    void textBeforeAThoughtIsNoAnswerEither() {
        assertThat(reply("Well.<unused94>thought\nx<unused95>Yes.")).isEqualTo(new Reply.Answered("Well.x", "Yes."));
        assertThat(shown()).containsExactly("Well.x", "Yes.");
    }

    @Test
    void nothingIsAnEmptyAnswer() {
        assertThat(reply("")).isEqualTo(new Reply.Answered("", ""));
        assertThat(reply("<unused94><unused95>")).isEqualTo(new Reply.Answered("", ""));
        assertThat(parts).isEmpty();
    }

    @Test
    void bytesOnBothSidesOfAMarkStayApart() {
        assertThat(reply("<unused94>\uD83E\uDEC0<unused95>\uD83E\uDE7B"))
                .isEqualTo(new Reply.Answered("\uD83E\uDEC0", "\uD83E\uDE7B"));
    }

    @Test
    void theOtherPairOfMarksCountsToo() {
        var pieces = List.of(
                new ScoredPiece("<unused96>", 0, ScoredPiece.Kind.CONTROL),
                new ScoredPiece("<unused97>", 0, ScoredPiece.Kind.CONTROL),
                new ScoredPiece("a", 0, ScoredPiece.Kind.NORMAL),
                new ScoredPiece("b", 0, ScoredPiece.Kind.NORMAL));
        var small = TokenizerFiles.ofPieces(Path.of("pieces"), pieces, false);
        assertThat(reply(small, "<unused96>a<unused97>b")).isEqualTo(new Reply.Answered("a", "b"));
    }
}
