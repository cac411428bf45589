package konsil.cli.tune;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import konsil.cli.Json;
import konsil.cli.Output;
import konsil.train.run.Outcome;

/** What came of a run, for people and for programs. @param figure what the held-out figure is called */
record RunReport(Outcome outcome, RunBar bar, String figure, Map<String, Object> facts) {
    void print(boolean json, Output output) {
        if (json) {
            Json.print(output.out(), fields());
            return;
        }
        var out = output.out();
        out.println("%d steps taken".formatted(outcome.steps()));
        outcome.last().ifPresent(last -> out.println(line("last step", last)));
        outcome.best()
                .ifPresent(best ->
                        out.println(line("best " + figure.replace('_', ' '), best) + " at step " + outcome.bestStep()));
        if (outcome.early()) {
            out.println("ended early: it did not become better any more");
        }
        out.println("curves: " + outcome.page());
        outcome.result()
                .ifPresentOrElse(
                        result -> out.println("result: " + result), () -> out.println("stopped; go on with --resume"));
    }

    private static String line(String name, double value) {
        return String.format(Locale.ROOT, "%s: %.4f", name, value);
    }

    private Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("steps", outcome.steps());
        outcome.last().ifPresent(last -> fields.put("last", last));
        outcome.best().ifPresent(best -> {
            fields.put("best_" + figure, best);
            fields.put("best_step", outcome.bestStep());
        });
        fields.put("ended_early", outcome.early());
        fields.put("finished", outcome.result().isPresent());
        outcome.result().ifPresent(result -> fields.put("result", result.toString()));
        fields.put("page", outcome.page().toString());
        fields.put("seconds", bar.seconds());
        fields.put("tokens_per_second", bar.tokensPerSecond());
        fields.putAll(facts);
        return fields;
    }
}
