package konsil.cli.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import konsil.kernel.Limits;
import konsil.kernel.WeightFormat;
import konsil.kernel.Workers;
import konsil.kernel.code.Probe;
import konsil.medgemma.MedGemma;
import konsil.medgemma.Runner;
import konsil.medgemma.TokenSequence;
import konsil.tensor.RingCache;

/**
 * What the figures of one model on some cores are measured with.
 *
 * @param file the packed model
 * @param report gets each figure when it is there
 */
record ModelRun(
        Path file,
        MedGemma model,
        Runner runner,
        Workers workers,
        Limits limits,
        ModelWork work,
        Aims aims,
        Consumer<Figure> report) {
    /** Working memory before an input is refused. */
    static final long MEMORY_LIMIT = 16L << 30;

    /** Tokens that are read at once. */
    static final int CHUNK = 512;

    private static final int FIRST_WORD = 1000;
    private static final int WORDS = 255_000;

    Figure figure(String name, double value, String unit) {
        return Figure.of(name, workers.cores(), value, unit);
    }

    RingCache cache(long positions) {
        return model.cache(positions, CHUNK);
    }

    /** Words that mean nothing, the same for the same count. */
    static TokenSequence words(int count) {
        return TokenSequence.ofText(ids(count));
    }

    static int[] ids(int count) {
        return new SplittableRandom(count).ints(count, FIRST_WORD, WORDS).toArray();
    }

    /** Operations a second of products with weights of a format. */
    double peak(WeightFormat format) {
        return limits.peak(limits.probe(format), workers);
    }

    String peakName(WeightFormat format) {
        return peakName(limits.probe(format));
    }

    static String peakName(Probe probe) {
        return switch (probe) {
            case F32_PEAK -> "f32 peak";
            case BF16_PEAK -> "bf16 peak";
            case INT8_PEAK -> "int8 peak";
            case READ -> "read";
        };
    }

    static double seconds(long start) {
        return (System.nanoTime() - start) * 1e-9;
    }

    static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
