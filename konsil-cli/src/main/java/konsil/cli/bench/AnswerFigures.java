package konsil.cli.bench;

import java.util.ArrayList;
import java.util.List;
import konsil.medgemma.Job;
import konsil.tensor.RingCache;

/** How fast answers come: one after short and long contexts, several at once. */
final class AnswerFigures {
    static final int SHORT = 16;

    private static final int STEPS = 12;
    private static final int ANSWERS = 4;
    private static final int FIRST_WORD = 1000;

    private final ModelRun run;

    AnswerFigures(ModelRun run) {
        this.run = run;
    }

    /** Steps after a context, in turn with plain reading; a step reads the weights, keys and values once. */
    Figure decode(int context) {
        try (var cache = started(context)) {
            double bytes = run.work().tokenBytes() + cacheBytes(context);
            var rates = new double[STEPS];
            var shares = new double[STEPS];
            for (int step = 0; step < STEPS; step++) {
                double read = run.limits().readOnce(run.workers());
                rates[step] = 1 / step(List.of(cache), step);
                shares[step] = 100 * rates[step] * bytes / read;
            }
            return run.figure("answer after %d tokens".formatted(context), ModelRun.median(rates), "tokens/s")
                    .share(ModelRun.median(shares), "read")
                    .aim(run.aims().answer());
        }
    }

    /** Several answers at once, in turn with one; tokens of all of them together. */
    Figure batch() {
        var caches = new ArrayList<RingCache>();
        try (var alone = started(SHORT)) {
            for (int i = 0; i < ANSWERS; i++) {
                caches.add(started(SHORT));
            }
            var rates = new double[STEPS];
            var shares = new double[STEPS];
            for (int step = 0; step < STEPS; step++) {
                double one = 1 / step(List.of(alone), step);
                rates[step] = ANSWERS / step(caches, step);
                shares[step] = 100 * rates[step] / one;
            }
            return run.figure("%d answers at once".formatted(ANSWERS), ModelRun.median(rates), "tokens/s")
                    .share(ModelRun.median(shares), "one answer")
                    .aim(run.aims().batch());
        } finally {
            caches.forEach(RingCache::close);
        }
    }

    /** Keys and values that one step looks back on. */
    private double cacheBytes(int context) {
        var model = run.model();
        return model.config().text().cache(model.cacheFormat(), context + 1L, ModelRun.CHUNK).shares(context).stream()
                .mapToDouble(kind -> kind.tokenBytes() * (double) Math.min(context, kind.window()))
                .sum();
    }

    private RingCache started(int context) {
        var cache = run.cache(context + STEPS + 1L);
        run.runner().prefill(cache, ModelRun.words(context), List.of());
        return cache;
    }

    /** Seconds of one word of every sequence. */
    private double step(List<RingCache> caches, int step) {
        var jobs = caches.stream()
                .map(cache -> new Job.Step(cache, FIRST_WORD + step))
                .toList();
        long start = System.nanoTime();
        run.runner().run(jobs);
        return ModelRun.seconds(start);
    }
}
