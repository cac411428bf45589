package konsil.cli.bench;

import java.util.List;

/** How fast prompts are read. */
final class PromptFigures {
    private static final int SHORT = 512;
    private static final int LONG = 4096;
    private static final int WARM_UP = 64;
    private static final int CURVE_START = 1024;
    private static final int CURVE_PER_CONTEXT = 4;

    private final ModelRun run;

    PromptFigures(ModelRun run) {
        this.run = run;
    }

    /** Two lengths of a prompt. */
    void prefill() {
        seconds(WARM_UP);
        for (int tokens : new int[] {SHORT, LONG}) {
            double rate = tokens / seconds(tokens);
            run.report()
                    .accept(figure("prompt of %d tokens".formatted(tokens), rate)
                            .aim(run.aims().prompt())
                            .scaling());
        }
    }

    /** Lengths that double: how much a token of a long prompt costs more than one of a short prompt. */
    void curve(int context) {
        seconds(WARM_UP);
        for (int tokens = CURVE_START; tokens <= longest(context); tokens *= 2) {
            double seconds = seconds(tokens);
            run.report().accept(figure("curve, %d tokens".formatted(tokens), tokens / seconds));
            run.report().accept(run.figure("curve, %d tokens, each".formatted(tokens), 1000 * seconds / tokens, "ms"));
        }
    }

    private static int longest(int context) {
        return Math.max(CURVE_START, CURVE_PER_CONTEXT * context);
    }

    static int prefillFigures() {
        return 2;
    }

    static int curveFigures(int context) {
        int figures = 0;
        for (int tokens = CURVE_START; tokens <= longest(context); tokens *= 2) {
            figures += 2;
        }
        return figures;
    }

    private Figure figure(String name, double rate) {
        var format = run.work().format();
        double share = 100 * rate * run.work().tokenOperations() / run.peak(format);
        return run.figure(name, rate, "tokens/s").share(share, run.peakName(format));
    }

    private double seconds(int tokens) {
        var words = ModelRun.words(tokens);
        try (var cache = run.cache(tokens + 1L)) {
            long start = System.nanoTime();
            run.runner().prefill(cache, words, List.of());
            return ModelRun.seconds(start);
        }
    }
}
