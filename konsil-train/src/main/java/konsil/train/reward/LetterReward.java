package konsil.train.reward;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Json;

/**
 * 1 when the letter that a completion ends on is the "answer", else 0: what Google's notebook for reinforcement
 * learning does. The forms are tried in this order over the whole text; the first that matches counts.
 */
public final class LetterReward extends Reward.Each {
    private static final String ANSWER = "answer";
    private static final List<Pattern> FORMS = List.of(
            Pattern.compile("[Tt]he final answer is \\**\\(?([A-J])\\)?"),
            Pattern.compile("\\\\boxed\\{\\s?\\(?([A-J])\\)?\\s?\\}"),
            Pattern.compile("\\*\\*\\s?Final Answer:?\\s?\\*\\*:?\\s{0,3}\\(?([A-J])\\)?"),
            Pattern.compile("Final Answer:\\s{0,3}\\**\\s?\\(?([A-J])\\)?"),
            Pattern.compile("^\\s{0,9}\\(?([A-J])\\)?(?:[.:\\s]|$)"));

    @Override
    public String name() {
        return "letter";
    }

    @Override
    public void requireUsable(Map<String, Json> more) {
        if (!Reward.text(more, ANSWER).matches("[A-J]")) {
            throw new BadInputException("answer: want one letter of A to J");
        }
    }

    @Override
    protected double of(Judged judged) {
        String want = Reward.text(judged.more(), ANSWER);
        return letter(judged.completion()).filter(want::equals).isPresent() ? 1 : 0;
    }

    static Optional<String> letter(String text) {
        for (var form : FORMS) {
            var matcher = form.matcher(text);
            if (matcher.find()) {
                return Optional.of(matcher.group(1));
            }
        }
        return Optional.empty();
    }
}
