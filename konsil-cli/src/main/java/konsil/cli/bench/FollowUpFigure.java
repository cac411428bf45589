package konsil.cli.bench;

import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import konsil.medgemma.ImageConfig;
import konsil.medgemma.SoftTokens;
import konsil.medgemma.TokenSequence;
import konsil.medgemma.generation.AnswerEngine;
import konsil.medgemma.generation.EngineSettings;
import konsil.medgemma.generation.GenerationRequest;
import konsil.medgemma.generation.SamplingSettings;
import konsil.medgemma.generation.TokenConstraint;

/**
 * Two questions about the same volume: a session remembers the slices, so the second is answered at once. The slices'
 * soft tokens are made up; encoding them is no part of either time.
 */
final class FollowUpFigure {
    private static final int MOST_SLICES = 30;
    private static final int NEW_TOKENS = 20;
    private static final int QUESTION = 24;

    private final ModelRun run;
    private final ImageConfig config;

    FollowUpFigure(ModelRun run) {
        this.run = run;
        config = run.model().config().images().orElseThrow();
    }

    /** @param context about so many tokens of slices, at most 30 of them */
    Figure measure(int context) {
        int slices = Math.clamp(context / config.tokensPerImage(), 1, MOST_SLICES);
        int[] first = first(slices);
        var settings =
                new EngineSettings(1, 1, first.length + 2L * NEW_TOKENS, ModelRun.CHUNK, 0, ModelRun.MEMORY_LIMIT);
        try (var engine = new AnswerEngine(run.model(), settings)) {
            double before = secondsToFirstWord(engine, first, slices);
            int[] second = IntStream.concat(IntStream.of(first), IntStream.of(ModelRun.ids(NEW_TOKENS)))
                    .toArray();
            double after = secondsToFirstWord(engine, second, slices);
            return run.figure("follow-up on %d slices".formatted(slices), after, "s")
                    .share(100 * after / before, "the first (%.2f s)".formatted(before))
                    .aim(run.aims().followUp());
        }
    }

    private int[] first(int slices) {
        var ids = IntStream.builder();
        for (int slice = 0; slice < slices; slice++) {
            IntStream.of(ModelRun.ids(2)).forEach(ids::add);
            for (int i = 0; i < config.tokensPerImage(); i++) {
                ids.add(config.softToken());
            }
        }
        IntStream.of(ModelRun.ids(QUESTION)).forEach(ids::add);
        return ids.build().toArray();
    }

    private double secondsToFirstWord(AnswerEngine engine, int[] ids, int slices) {
        int size = run.model().config().text().hiddenSize();
        var soft = new SoftTokens(values(config.tokensPerImage() * size), config.tokensPerImage(), size);
        var images = new ArrayList<SoftTokens>();
        var keys = new ArrayList<String>();
        for (int slice = 0; slice < slices; slice++) {
            images.add(soft);
            keys.add("slice " + slice);
        }
        var request = new GenerationRequest(
                TokenSequence.of(run.model().config(), ids),
                images,
                keys,
                SamplingSettings.GREEDY,
                new GenerationRequest.Limits(1, Set.of(), 0),
                TokenConstraint.NONE);
        var came = new AtomicLong();
        long start = System.nanoTime();
        engine.submit(request, _ -> came.set(System.nanoTime())).answer().join();
        return (came.get() - start) * 1e-9;
    }

    private static float[] values(int count) {
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) Math.sin(i * 0.7);
        }
        return values;
    }
}
