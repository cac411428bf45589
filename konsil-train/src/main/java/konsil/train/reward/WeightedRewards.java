package konsil.train.reward;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Json;

/** Several rewards, each times a weight, added up. */
public record WeightedRewards(List<Weighted> rewards) {
    /** One of them. */
    public record Weighted(Reward reward, double weight) {}

    public WeightedRewards {
        rewards = List.copyOf(rewards);
        if (rewards.isEmpty()) {
            throw new BadInputException("reward: want at least one of letter, field-f1, box-iou, rouge-l, command");
        }
    }

    /**
     * Understands what stands on a command line.
     *
     * @param texts "letter", "rouge-l:0.5", "command"
     * @param command for "command"; may be empty
     * @throws BadInputException for any other
     */
    public static WeightedRewards parse(List<String> texts, List<String> command) {
        var rewards = new ArrayList<Weighted>();
        for (String text : texts) {
            String[] parts = text.split(":", 2);
            double weight = parts.length == 1 ? 1 : number(parts[1]);
            rewards.add(new Weighted(named(parts[0], command), weight));
        }
        return new WeightedRewards(rewards);
    }

    private static double number(String text) {
        try {
            double weight = Double.parseDouble(text);
            if (Double.isFinite(weight)) {
                return weight;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new BadInputException("reward: want NAME or NAME:WEIGHT, the weight a number");
    }

    private static Reward named(String name, List<String> command) {
        return switch (name) {
            case "letter" -> new LetterReward();
            case "field-f1" -> new FieldReward();
            case "box-iou" -> new BoxReward();
            case "rouge-l" -> new RougeReward();
            case "command" -> {
                if (command.isEmpty()) {
                    throw new BadInputException("reward: command wants --command");
                }
                yield new CommandReward(command);
            }
            default ->
                throw new BadInputException("reward: want letter, field-f1, box-iou, rouge-l or command, got " + name);
        };
    }

    /** @throws BadInputException when a line of data lacks what one of them needs */
    public void requireUsable(Map<String, Json> more) {
        rewards.forEach(weighted -> weighted.reward().requireUsable(more));
    }

    /** Names and weights, "rouge_l x 0.5 + letter". */
    public String describe() {
        return String.join(
                " + ",
                rewards.stream()
                        .map(weighted -> weighted.weight() == 1
                                ? weighted.reward().name()
                                : weighted.reward().name() + " x " + weighted.weight())
                        .toList());
    }

    /** Their sum for each completion. */
    public double[] of(List<Reward.Judged> completions) throws IOException {
        var sums = new double[completions.size()];
        for (var weighted : rewards) {
            double[] each = weighted.reward().of(completions);
            Arrays.setAll(sums, i -> sums[i] + weighted.weight() * each[i]);
        }
        return sums;
    }
}
