package konsil.train.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import konsil.tensor.BadInputException;
import org.junit.jupiter.api.Test;

final class AugmentationTest {
    private static final int RATE = 16_000;
    private static final Augmentation LIVELY = new Augmentation(0.1, 0.5, 40, 10, 6);

    private static float[] tone(double hertz, int samples) {
        float[] tone = new float[samples];
        for (int i = 0; i < samples; i++) {
            tone[i] = (float) (0.5 * Math.sin(2 * Math.PI * hertz * i / RATE));
        }
        return tone;
    }

    @Test
    void noneLeavesEverySample() {
        float[] sound = tone(440, 4000);
        var random = new SplittableRandom(1);
        assertThat(Augmentation.NONE.drawSpeed(random)).isEqualTo(1);
        assertThat(Augmentation.NONE.of(sound, 1, random)).isEqualTo(sound);
    }

    @Test
    void speedOneIsTheIdentityAndOthersMoveEveryFrequency() {
        float[] sound = tone(500, 16_000);
        assertThat(Augmentation.atSpeed(sound, 1)).isSameAs(sound);
        float[] faster = Augmentation.atSpeed(sound, 1.1);
        assertThat(faster).hasSize(14_546);
        float[] wanted = tone(550, faster.length);
        for (int i = 500; i < faster.length - 500; i++) {
            assertThat(faster[i]).isCloseTo(wanted[i], within(1e-3f));
        }
        assertThat(Augmentation.atSpeed(sound, 0.9)).hasSize(17_778);
    }

    @Test
    void noiseIsAsFarBelowTheSoundAsItIsToBe() {
        float[] sound = tone(300, 16_000);
        for (double colour : new double[] {0, 0.5, 1}) {
            for (double snr : new double[] {0, 10, 40}) {
                float[] noisy = Augmentation.withNoise(sound, snr, colour, new SplittableRandom(3));
                double noise = 0;
                double power = 0;
                for (int i = 0; i < sound.length; i++) {
                    noise += Math.pow((double) noisy[i] - sound[i], 2);
                    power += Math.pow(sound[i], 2);
                }
                assertThat(10 * Math.log10(power / noise)).isCloseTo(snr, within(0.01));
            }
        }
        float[] silence = new float[100];
        assertThat(Augmentation.withNoise(silence, 10, 0, new SplittableRandom(3)))
                .isEqualTo(silence);
    }

    @Test
    void gainIsInDecibels() {
        float[] louder = Augmentation.louder(new float[] {0.1f, -0.2f}, 20);
        assertThat(louder[0]).isCloseTo(1f, within(1e-6f));
        assertThat(louder[1]).isCloseTo(-2f, within(1e-6f));
    }

    @Test
    void theSeedAloneDecides() {
        float[] sound = tone(440, 8000);
        float[] first = LIVELY.of(sound, LIVELY.drawSpeed(new SplittableRandom(7)), new SplittableRandom(8));
        float[] again = LIVELY.of(sound, LIVELY.drawSpeed(new SplittableRandom(7)), new SplittableRandom(8));
        assertThat(again).isEqualTo(first);
        assertThat(LIVELY.of(sound, 1, new SplittableRandom(9))).isNotEqualTo(first);
        assertThat(sound).isEqualTo(tone(440, 8000));
    }

    @Test
    void speedsAreHundredthsWithinTheirRange() {
        var random = new SplittableRandom(5);
        var speeds = random.doubles(2000)
                .map(_ -> LIVELY.drawSpeed(random))
                .distinct()
                .sorted()
                .toArray();
        assertThat(speeds).hasSize(21);
        assertThat(speeds[0]).isEqualTo(0.9);
        assertThat(speeds[20]).isEqualTo(1.1);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Augmentation(0.9, 0, 40, 10, 0))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("speed: want 0 to 0.5, got 0.9");
        assertThatThrownBy(() -> new Augmentation(0, 2, 40, 10, 0)).hasMessageContaining("noise: want 0 to 1, got 2");
        assertThatThrownBy(() -> new Augmentation(0, 0, 40, 10, Double.NaN)).hasMessageContaining("gain: want 0");
    }
}
