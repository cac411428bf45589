package konsil.train.asr;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import konsil.tensor.BadInputException;

/**
 * Parts of the log-mel frames blotted out (Park et al., Interspeech 2019, without warping): stretches of time and
 * bands of frequency take the mean value of the clip.
 *
 * @param times how many stretches of time
 * @param timeWidth frames of a stretch, at most
 * @param timeShare of all frames, at most for one stretch
 * @param bands how many bands
 * @param bandWidth mel bins of a band, at most
 */
public record SpecAugment(int times, int timeWidth, double timeShare, int bands, int bandWidth) {
    /** Leaves everything. */
    public static final SpecAugment NONE = new SpecAugment(0, 0, 0, 0, 0);

    private static final int MOST = 1000;

    /** @throws BadInputException when a setting is out of its range */
    public SpecAugment {
        boolean counts =
                Math.min(Math.min(times, timeWidth), Math.min(bands, bandWidth)) >= 0 && Math.max(times, bands) <= MOST;
        if (!counts || !(timeShare >= 0 && timeShare <= 1)) {
            throw new BadInputException("SpecAugment: want counts and widths from 0 and a share of 0 to 1");
        }
    }

    /**
     * Blots out, in place.
     *
     * @param features (frames, bins), row-major
     */
    void apply(float[] features, int bins, RandomGenerator random) {
        int frames = features.length / bins;
        float mean = mean(features);
        int longest = (int) Math.min(timeWidth, timeShare * frames);
        for (int i = 0; i < times; i++) {
            int width = random.nextInt(longest + 1);
            int from = random.nextInt(frames - width + 1);
            Arrays.fill(features, from * bins, (from + width) * bins, mean);
        }
        for (int i = 0; i < bands; i++) {
            int width = random.nextInt(Math.min(bandWidth, bins) + 1);
            int from = random.nextInt(bins - width + 1);
            for (int frame = 0; frame < frames; frame++) {
                Arrays.fill(features, frame * bins + from, frame * bins + from + width, mean);
            }
        }
    }

    private static float mean(float[] features) {
        double sum = 0;
        for (float value : features) {
            sum += value;
        }
        return (float) (sum / Math.max(1, features.length));
    }
}
