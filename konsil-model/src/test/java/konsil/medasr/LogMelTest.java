package konsil.medasr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogMelTest {
    private static final float FLOOR = (float) Math.log(1e-5);

    /** Against the definition of the transform. */
    @Test
    void powerSpectrum() {
        var random = new Random(2);
        for (int size : new int[] {4, 16, 512}) {
            double[] x = random.doubles(size, -1, 1).toArray();
            double[] power = new double[size / 2 + 1];
            new RealFft(size).power(x.clone(), power);
            for (int k = 0; k <= size / 2; k++) {
                double re = 0;
                double im = 0;
                for (int n = 0; n < size; n++) {
                    double angle = -2 * Math.PI * ((long) k * n % size) / size;
                    re += x[n] * Math.cos(angle);
                    im += x[n] * Math.sin(angle);
                }
                assertThat(power[k]).isCloseTo(re * re + im * im, Offset.offset(1e-10 * size));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "399,0", "400,1", "559,1", "560,2", "320000,1998", "700800,4378"})
    void countsFrames(int samples, int frames) {
        assertThat(LogMel.frames(samples)).isEqualTo(frames);
        assertThat(new LogMel().of(new float[samples])).hasSize(frames * LogMel.BINS);
    }

    @Test
    void silenceIsTheFloorAndTheLowestBandAlwaysIs() {
        float[] silence = new LogMel().of(new float[2_000]);
        assertThat(silence).containsOnly(FLOOR);
        float[] loud = new LogMel().of(TestSound.of(1, 2_000));
        for (int i = 0; i < loud.length; i += LogMel.BINS) {
            assertThat(loud[i]).isEqualTo(FLOOR);
            assertThat(loud[i + 40]).isGreaterThan(FLOOR);
        }
    }

    @Test
    void partsAreTheSameAsTheWhole() {
        float[] sound = TestSound.of(2, 9_000);
        var logMel = new LogMel();
        float[] whole = logMel.of(sound);
        assertThat(logMel.of(sound, 7 * LogMel.HOP, 11))
                .isEqualTo(Arrays.copyOfRange(whole, 7 * LogMel.BINS, 18 * LogMel.BINS));
        assertThatThrownBy(() -> logMel.of(sound, 50 * LogMel.HOP, 10)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void framesOfTheOutputLieInTheSound() {
        var clock = FrameClock.of(new EncoderConfig.Subsampling(128, 256, 5, 2));
        assertThat(clock).isEqualTo(new FrameClock(640, 2320));
        assertThat(clock.frames(2_319)).isZero();
        assertThat(clock.frames(2_320)).isEqualTo(1);
        assertThat(clock.frames(320_000)).isEqualTo(497);
        assertThat(clock.frames(700_800)).isEqualTo(1092);
        assertThat(clock.seconds(0)).isEqualTo(0.0725);
        assertThat(clock.seconds(10)).isCloseTo(0.4725, Offset.offset(1e-12));
        var subsampling = new EncoderConfig.Subsampling(128, 20, 3, 3);
        for (int samples = 0; samples < 20_000; samples += 37) {
            assertThat(FrameClock.of(subsampling).frames(samples))
                    .isEqualTo(subsampling.frames(LogMel.frames(samples)));
        }
    }
}
