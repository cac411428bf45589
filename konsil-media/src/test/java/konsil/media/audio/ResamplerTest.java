package konsil.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tones through the resampler: what passes, what is stopped, and when. */
class ResamplerTest {
    private static final int OUT = 16_000;
    private static final int[] RATES = {8000, 11025, 22050, 24000, 32000, 44100, 48000, 96000, 44056};

    /** Gain in dB of a multiple of 4 Hz, in the middle quarter second: of the tone itself, or of all else. */
    private static double gain(double hertz, int rate, boolean without) {
        float[] in = Sounds.tone(hertz, rate, rate / 2);
        float[] out = Resampler.resample(new Waveform(in, rate), OUT).samples();
        int from = out.length / 4;
        int to = out.length * 3 / 4;
        double sine = 0;
        double cosine = 0;
        double power = 0;
        for (int i = from; i < to; i++) {
            double angle = 2 * Math.PI * hertz * i / OUT;
            sine += out[i] * Math.sin(angle) * 2 / (to - from);
            cosine += out[i] * Math.cos(angle) * 2 / (to - from);
        }
        for (int i = from; i < to; i++) {
            double angle = 2 * Math.PI * hertz * i / OUT;
            double tone = sine * Math.sin(angle) + cosine * Math.cos(angle);
            double rest = without ? out[i] - tone : tone;
            power += rest * rest * 2 / (to - from);
        }
        return 20 * Math.log10(Math.sqrt(power) / 0.5);
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 11025, 22050, 24000, 32000, 44100, 48000, 96000, 44056})
    void tonesUpTo90PercentOfHalfTheLowerRatePassUnchanged(int rate) {
        double edge = 0.45 * Math.min(rate, OUT);
        for (int step = 1; step <= 12; step++) {
            double hertz = Math.floor(edge * step / 48) * 4;
            assertThat(gain(hertz, rate, false)).as("%.0f Hz", hertz).isBetween(-0.01, 0.01);
            assertThat(gain(hertz, rate, true)).as("images of %.0f Hz", hertz).isLessThan(-90);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {22050, 24000, 32000, 44100, 48000, 96000, 44056})
    void tonesAboveHalfTheNewRateAreStopped(int rate) {
        for (int step = 0; step < 13; step++) {
            double hertz = OUT / 2.0 + 1 + (rate / 2.0 - OUT / 2.0 - 2) * step / 12;
            float[] out = Resampler.resample(new Waveform(Sounds.tone(hertz, rate, rate / 2), rate), OUT)
                    .samples();
            double power = 0;
            int quarter = out.length / 4;
            for (int i = quarter; i < 3 * quarter; i++) {
                power += out[i] * out[i] / (2.0 * quarter);
            }
            assertThat(10 * Math.log10(power / 0.125)).as("%.0f Hz", hertz).isLessThan(-90);
        }
    }

    /** Delay taken off: the result is the same tone, sampled elsewhere, and its level at rest is kept. */
    @ParameterizedTest
    @CsvSource({"8000, 16000", "48000, 16000", "44100, 16000", "16000, 48000", "44056, 16000", "16000, 44056"})
    void timeStaysWhereItWas(int in, int out) {
        float[] got = Resampler.resample(new Waveform(Sounds.tone(440, in, in / 2), in), out)
                .samples();
        float[] wanted = Sounds.tone(440, out, out / 2);
        int quarter = wanted.length / 4;
        assertThat(got).hasSize(wanted.length);
        assertThat(Sounds.signalToNoise(
                        Arrays.copyOfRange(wanted, quarter, 3 * quarter),
                        Arrays.copyOfRange(got, quarter, 3 * quarter)))
                .isGreaterThan(80);
    }

    @Test
    void blockByBlockEqualsWholeToTheBit() {
        var random = new Random(5);
        for (int rate : RATES) {
            float[] in = new float[5000 + random.nextInt(5000)];
            for (int i = 0; i < in.length; i++) {
                in[i] = random.nextFloat() - 0.5f;
            }
            float[] whole = Resampler.resample(new Waveform(in, rate), OUT).samples();
            assertThat(whole).hasSize((int) Math.ceilDiv((long) in.length * OUT, rate));
            var resampler = new Resampler(rate, OUT);
            float[] joined = new float[0];
            for (int at = 0; at < in.length; ) {
                int n = Math.min(in.length - at, random.nextInt(700));
                joined = join(joined, resampler.push(in, at, at + n));
                at += n;
            }
            assertThat(join(joined, resampler.finish())).isEqualTo(whole);
        }
    }

    private static float[] join(float[] a, float[] b) {
        float[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    void theSmallestAndLargestRates() {
        assertThat(Resampler.resample(new Waveform(new float[] {1}, 1), 16_000).samples())
                .hasSize(16_000);
        assertThat(Resampler.resample(new Waveform(new float[100], 767_999), 16_000)
                        .samples())
                .hasSize(3);
        assertThat(Resampler.resample(new Waveform(new float[0], 48_000), 16_000)
                        .samples())
                .isEmpty();
        assertThatThrownBy(() -> new Resampler(768_001, 16_000)).hasMessageContaining("1 to 768000 Hz");
        assertThatThrownBy(() -> new Resampler(0, 16_000)).hasMessageContaining("got 0");
    }
}
