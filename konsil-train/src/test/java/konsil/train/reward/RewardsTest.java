package konsil.train.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.train.reward.Reward.Judged;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RewardsTest {
    private static Map<String, Json> more(String json) {
        return ((Json.Obj) Json.parse(json, Path.of("more"), JsonLimits.settings())).fields();
    }

    private static double one(Reward reward, String completion, String more) throws IOException {
        reward.requireUsable(more(more));
        return reward.of(List.of(new Judged(completion, more(more))))[0];
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Thinking. Final Answer: (B)|B",
                "**Final Answer:** C|C",
                "**Final Answer: (D)**|D",
                "The final answer is (A), not B|A",
                "so \\boxed{E}|E",
                "B|B",
                "(C) because|C",
                "A: adipose|A",
                "Both are fine|none",
                "Final Answer: unknown|none",
                "Final Answer: (A) or Final Answer: (B)|A"
            })
    void lettersAreFoundWhereTheNotebookFindsThem(String text, String letter) throws IOException {
        assertThat(LetterReward.letter(text).orElse("none")).isEqualTo(letter);
        if (!letter.equals("none")) {
            assertThat(one(new LetterReward(), text, "{\"answer\":\"%s\"}".formatted(letter)))
                    .isEqualTo(1);
        }
        assertThat(one(new LetterReward(), text, "{\"answer\":\"J\"}")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the cat sat|the cat sat|1",
                "The Cat, sat!|the cat sat|1",
                "a b c d|a c|0.6666667",
                "c b a|a b c|0.3333333",
                "nothing|a b|0",
                "''|a|0"
            })
    void rougeIsTheLongestCommonSubsequence(String got, String want, double f1) throws IOException {
        assertThat(one(new RougeReward(), got, "{\"answer\":\"%s\"}".formatted(want)))
                .isCloseTo(f1, within(1e-6));
    }

    @Test
    void fieldsCountWhereverTheyStandInAList() throws IOException {
        String want = "{\"answer\":[{\"test\":\"Hb\",\"value\":13.2},{\"test\":\"Na\",\"value\":140}]}";
        var reward = new FieldReward();
        assertThat(one(reward, "[{\"value\":140.0,\"test\":\" na\"},{\"test\":\"HB\",\"value\":13.2}]", want))
                .isEqualTo(1);
        assertThat(one(reward, "```json\n[{\"test\":\"Hb\",\"value\":13.2}]\n```", want))
                .isCloseTo(2 * 2.0 / 6, within(1e-9));
        assertThat(one(reward, "[{\"test\":\"Hb\",\"value\":13.1}", want)).isZero();
        assertThat(one(reward, "[{\"test\":\"Hb\",\"value\":13.1}]", want)).isCloseTo(2 * 1.0 / 6, within(1e-9));
        assertThat(one(reward, "{\"a\":1}", "{\"answer\":\"{\\\"a\\\":1}\"}")).isEqualTo(1);
        assertThatThrownBy(() -> reward.requireUsable(more("{\"answer\":7}"))).isInstanceOf(BadInputException.class);
    }

    @Test
    void boxesAreMeasuredByTheirOverlap() throws IOException {
        String want = "{\"boxes\":[{\"box_2d\":[0,0,100,100],\"label\":\"x\"}]}";
        var reward = new BoxReward();
        assertThat(one(reward, "Final Answer: [{\"box_2d\": [0, 0, 100, 100], \"label\": \"x\"}]", want))
                .isEqualTo(1);
        assertThat(one(reward, "[{\"box_2d\": [0, 50, 100, 150]}]", want)).isCloseTo(1.0 / 3, within(1e-9));
        assertThat(one(reward, "[{\"box_2d\": [0, 0, 100, 100]}, {\"box_2d\": [500, 500, 600, 600]}]", want))
                .isEqualTo(0.5);
        assertThat(one(reward, "[{\"box_2d\": [200, 0, 300, 100]}]", want)).isZero();
        assertThat(one(reward, "left lung", want)).isZero();
        assertThatThrownBy(() -> reward.requireUsable(more("{}"))).hasMessageContaining("boxes: want a list");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aCommandJudges() throws IOException {
        var judged =
                List.of(new Judged("aa", more("{\"answer\":\"x\"}")), new Judged("a\nb", more("{\"answer\":\"y\"}")));
        var lengths = new CommandReward(List.of("sh", "-c", "while read line; do echo ${#line}; done"));
        double[] rewards = lengths.of(judged);
        assertThat(rewards[0]).isEqualTo("{\"answer\":\"x\",\"completion\":\"aa\"}".length());
        assertThat(rewards[1]).isEqualTo("{\"answer\":\"y\",\"completion\":\"a\\nb\"}".length() - 1.0);
        assertThatThrownBy(() -> new CommandReward(List.of("sh", "-c", "echo 1")).of(judged))
                .hasMessageContaining("want 2 lines");
        assertThatThrownBy(() -> new CommandReward(List.of("sh", "-c", "echo 1; echo x")).of(judged))
                .hasMessageContaining("line 2 of the command is no number");
        assertThatThrownBy(() -> new CommandReward(List.of("sh", "-c", "exit 3")).of(judged))
                .hasMessageContaining("ended with 3");
    }

    @Test
    void weightsAddUp() throws IOException {
        var both = WeightedRewards.parse(List.of("letter", "rouge-l:0.5"), List.of());
        assertThat(both.of(List.of(new Judged("B", more("{\"answer\":\"B\"}")))))
                .containsExactly(1.5);
        assertThatThrownBy(() -> WeightedRewards.parse(List.of("bleu"), List.of()))
                .hasMessageContaining("want letter");
        assertThatThrownBy(() -> WeightedRewards.parse(List.of("letter:x"), List.of()))
                .hasMessageContaining("WEIGHT");
        assertThatThrownBy(() -> WeightedRewards.parse(List.of("command"), List.of()))
                .hasMessageContaining("--command");
        assertThatThrownBy(() -> WeightedRewards.parse(List.of(), List.of())).hasMessageContaining("at least one");
    }
}
