package konsil.train.reward;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;

/**
 * F1 of the fields of a JSON completion and those of the "answer", an object or a list. A field is its path with its
 * value; places in a list do not count, numbers are equal by value, texts without regard to case and outer spaces. A
 * completion may stand between ```json and ```; one that is no JSON gets 0.
 */
public final class FieldReward extends Reward.Each {
    private static final String ANSWER = "answer";
    private static final String FENCE = "```";
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 16, 1 << 18, 50_000);

    @Override
    public String name() {
        return "field_f1";
    }

    @Override
    public void requireUsable(Map<String, Json> more) {
        wanted(more);
    }

    private static Map<String, Integer> wanted(Map<String, Json> more) {
        Json answer = more.get(ANSWER);
        Optional<Json> parsed = answer instanceof Json.Text(var text) ? parse(text) : Optional.ofNullable(answer);
        var json = parsed.filter(value -> value instanceof Json.Obj || value instanceof Json.Arr);
        return fields(json.orElseThrow(
                () -> new BadInputException("answer: want an object or a list of JSON beside the messages")));
    }

    @Override
    protected double of(Judged judged) {
        return parse(judged.completion())
                .map(got -> f1(fields(got), wanted(judged.more())))
                .orElse(0.0);
    }

    private static Optional<Json> parse(String text) {
        String inner = text.strip();
        int fence = inner.indexOf(FENCE);
        if (fence >= 0) {
            int from = inner.indexOf('\n', fence);
            int to = inner.lastIndexOf(FENCE);
            inner = from >= 0 && to > from ? inner.substring(from, to) : inner;
        }
        try {
            return Optional.of(Json.parse(inner.strip(), Path.of("completion"), LIMITS));
        } catch (BadFileException _) {
            return Optional.empty();
        }
    }

    /** How often each path with its value is there. */
    private static Map<String, Integer> fields(Json value) {
        var fields = new HashMap<String, Integer>();
        collect("", value, fields);
        return fields;
    }

    private static void collect(String path, Json value, Map<String, Integer> to) {
        switch (value) {
            case Json.Obj(var fields) -> fields.forEach((name, inner) -> collect(path + "." + name, inner, to));
            case Json.Arr(var items) -> items.forEach(item -> collect(path + "[]", item, to));
            case Json.Text(var text) -> count(path + "=" + text.strip().toLowerCase(Locale.ROOT), to);
            case Json.Whole(long number) -> count(path + "=" + (double) number, to);
            case Json.Real(double number) -> count(path + "=" + number, to);
            case Json.Flag(boolean flag) -> count(path + "=" + flag, to);
            case Json.Null _ -> count(path + "=null", to);
        }
    }

    private static void count(String field, Map<String, Integer> to) {
        to.merge(field, 1, Integer::sum);
    }

    private static double f1(Map<String, Integer> got, Map<String, Integer> want) {
        int common = got.entrySet().stream()
                .mapToInt(field -> Math.min(field.getValue(), want.getOrDefault(field.getKey(), 0)))
                .sum();
        int all = sum(got) + sum(want);
        return all == 0 ? 1 : 2.0 * common / all;
    }

    private static int sum(Map<String, Integer> fields) {
        return fields.values().stream().mapToInt(Integer::intValue).sum();
    }
}
