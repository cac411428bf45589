package konsil.train.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SpecAugmentTest {
    private static final int BINS = 16;

    /** All different, and none is their mean. */
    private static float[] features(int frames) {
        float[] features = new float[frames * BINS];
        for (int i = 0; i < features.length; i++) {
            features[i] = i + (i % 2) * 0.25f;
        }
        return features;
    }

    @Test
    void noneLeavesEveryValue() {
        float[] features = features(20);
        SpecAugment.NONE.apply(features, BINS, new SplittableRandom(1));
        assertThat(features).isEqualTo(features(20));
    }

    @Test
    void aStretchOfTimeIsBlottedOutWholeAndNothingElse() {
        for (int seed = 0; seed < 50; seed++) {
            float[] features = features(40);
            new SpecAugment(1, 7, 1, 0, 0).apply(features, BINS, new SplittableRandom(seed));
            boolean[] changed = new boolean[40];
            for (int frame = 0; frame < 40; frame++) {
                float[] row = Arrays.copyOfRange(features, frame * BINS, (frame + 1) * BINS);
                changed[frame] = row[0] != features(40)[frame * BINS];
                if (changed[frame]) {
                    assertThat(row).containsOnly(mean(features(40)));
                } else {
                    assertThat(row).isEqualTo(Arrays.copyOfRange(features(40), frame * BINS, (frame + 1) * BINS));
                }
            }
            assertThat(oneRun(changed)).isLessThanOrEqualTo(7);
        }
    }

    @Test
    void aBandIsBlottedOutInEveryFrameAndNothingElse() {
        for (int seed = 0; seed < 50; seed++) {
            float[] features = features(12);
            new SpecAugment(0, 0, 0, 1, 5).apply(features, BINS, new SplittableRandom(seed));
            boolean[] changed = new boolean[BINS];
            for (int i = 0; i < features.length; i++) {
                if (i < BINS) {
                    changed[i] = features[i] != features(12)[i];
                }
                assertThat(features[i]).isEqualTo(changed[i % BINS] ? mean(features(12)) : features(12)[i]);
            }
            assertThat(oneRun(changed)).isLessThanOrEqualTo(5);
        }
    }

    /** Length of the one run of changes. */
    private static int oneRun(boolean[] changed) {
        int count = 0;
        int starts = 0;
        for (int i = 0; i < changed.length; i++) {
            count += changed[i] ? 1 : 0;
            starts += changed[i] && (i == 0 || !changed[i - 1]) ? 1 : 0;
        }
        assertThat(starts).isLessThanOrEqualTo(1);
        return count;
    }

    private static float mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return (float) (sum / values.length);
    }

    @Test
    void aShareLimitsStretchesOfShortClips() {
        for (int seed = 0; seed < 50; seed++) {
            float[] features = features(20);
            new SpecAugment(1, 100, 0.1, 0, 0).apply(features, BINS, new SplittableRandom(seed));
            int changed = 0;
            for (int i = 0; i < features.length; i += BINS) {
                changed += features[i] == features(20)[i] ? 0 : 1;
            }
            assertThat(changed).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void theSeedAloneDecides() {
        var mask = new SpecAugment(2, 9, 1, 2, 5);
        float[] first = features(60);
        float[] again = features(60);
        mask.apply(first, BINS, new SplittableRandom(4));
        mask.apply(again, BINS, new SplittableRandom(4));
        assertThat(again).isEqualTo(first).isNotEqualTo(features(60));
    }

    @Test
    void widthsAreAllAsLikely() {
        int[] seen = new int[6];
        for (int seed = 0; seed < 6000; seed++) {
            float[] features = features(1);
            new SpecAugment(0, 0, 0, 1, 5).apply(features, BINS, new SplittableRandom(seed));
            int width = 0;
            for (int i = 0; i < BINS; i++) {
                width += features[i] == features(1)[i] ? 0 : 1;
            }
            seen[width]++;
        }
        for (int count : seen) {
            assertThat(count / 6000.0).isCloseTo(1 / 6.0, within(0.03));
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new SpecAugment(-1, 0, 0, 0, 0)).hasMessageContaining("SpecAugment");
        assertThatThrownBy(() -> new SpecAugment(0, 0, 1.5, 0, 0)).hasMessageContaining("share of 0 to 1");
    }
}
