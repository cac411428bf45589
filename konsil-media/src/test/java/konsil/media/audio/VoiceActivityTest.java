package konsil.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import konsil.media.audio.VoiceActivity.Settings;
import konsil.media.audio.VoiceActivity.Speech;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No speech in silence, noise and hum; speech in speech. */
class VoiceActivityTest {
    private static final int RATE = VoiceActivity.SAMPLE_RATE;
    private static final int COUNT = 8 * RATE;
    private static final Path SPEECH = Path.of("/work/shared/data/speech");

    private static List<Speech> speech(float[] samples) {
        return VoiceActivity.of(new Waveform(samples, RATE), Settings.usual());
    }

    /** Noise of mean power 1: white, or filtered to fall with frequency. */
    private static float[] noise(String colour, long seed, int count) {
        var random = new Random(seed);
        float[] noise = new float[count];
        double[] pink = new double[7];
        double brown = 0;
        double power = 0;
        for (int i = 0; i < count; i++) {
            double white = random.nextGaussian();
            double value = white;
            if (colour.equals("brown")) {
                brown = 0.995 * brown + white;
                value = brown;
            } else if (colour.equals("pink")) {
                // Voss and McCartney: rows that change half as often each.
                for (int row = 0; row < 7; row++) {
                    pink[row] = i % (1 << row) == 0 ? random.nextGaussian() : pink[row];
                    value += pink[row];
                }
            }
            noise[i] = (float) value;
            power += value * value / count;
        }
        return scaled(noise, 1 / Math.sqrt(power));
    }

    private static float[] scaled(float[] samples, double by) {
        float[] result = new float[samples.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) (samples[i] * by);
        }
        return result;
    }

    private static float[] plus(float[] a, float[] b) {
        float[] sum = new float[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }

    /** Harmonics that fall by a power of their number. */
    private static float[] hum(double hertz, double slope, int count) {
        float[] hum = new float[count];
        for (int h = 1; h * hertz < 4500; h++) {
            double level = Math.pow(h, -slope);
            for (int i = 0; i < count; i++) {
                hum[i] += (float) (level * Math.sin(2 * Math.PI * hertz * h * i / RATE + h * h));
            }
        }
        return hum;
    }

    @ParameterizedTest
    @CsvSource({
        "white, 0.3",
        "white, 0.03",
        "white, 0.003",
        "pink, 0.3",
        "pink, 0.03",
        "pink, 0.003",
        "brown, 0.3",
        "brown, 0.03",
        "brown, 0.003"
    })
    void noSpeechInNoise(String colour, double level) {
        for (int seed = 0; seed < 2; seed++) {
            assertThat(speech(scaled(noise(colour, seed, COUNT), level))).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"50, 1", "60, 1", "100, 1", "120, 1", "100, 0.3", "50, 2", "157, 1", "300, 0.5"})
    void noSpeechInHum(double hertz, double slope) {
        assertThat(speech(scaled(hum(hertz, slope, COUNT), 0.1))).isEmpty();
        float[] switched = scaled(hum(hertz, slope, COUNT), 0.1);
        java.util.Arrays.fill(switched, 0, COUNT / 2, 0);
        float[] noisy = plus(switched, scaled(noise("pink", 1, COUNT), 0.01));
        assertThat(speech(switched)).isEmpty();
        assertThat(speech(noisy)).isEmpty();
    }

    @Test
    void noSpeechInSilenceOffsetsStepsFansAndClicks() {
        assertThat(speech(new float[COUNT])).isEmpty();
        float[] offset = new float[COUNT];
        java.util.Arrays.fill(offset, COUNT / 3, COUNT, 0.4f);
        assertThat(speech(offset)).isEmpty();
        float[] step = noise("white", 3, COUNT);
        for (int i = 0; i < COUNT; i++) {
            step[i] *= i / (2 * RATE) % 2 == 0 ? 0.002f : 0.1f;
        }
        assertThat(speech(step)).isEmpty();
        float[] fan = plus(scaled(noise("brown", 4, COUNT), 0.1), scaled(hum(87, 1.5, COUNT), 0.02));
        assertThat(speech(fan)).isEmpty();
        var random = new Random(5);
        float[] clicks = scaled(noise("white", 6, COUNT), 0.001);
        for (int i = 0; i < 40; i++) {
            clicks[random.nextInt(COUNT)] += 0.8f;
        }
        assertThat(speech(clicks)).isEmpty();
    }

    /** Two syllables a second: pulses of a moving pitch through moving resonances, from 2 s to 5 s and 8 s to 10 s. */
    private static float[] voice(int count) {
        float[] voice = new float[count];
        double phase = 0;
        double[] y = new double[6];
        for (int i = 0; i < count; i++) {
            double t = (double) i / RATE;
            boolean on = t >= 2 && t < 5 || t >= 8 && t < 10;
            phase += (120 + 20 * Math.sin(2 * Math.PI * 0.7 * t)) / RATE;
            double x = phase >= 1 && on ? 1 : 0;
            phase -= Math.floor(phase);
            double[] formants = {
                500 + 250 * Math.sin(2 * Math.PI * 2 * t), 1500 + 600 * Math.cos(2 * Math.PI * 1.3 * t), 2600
            };
            for (int f = 0; f < 3; f++) {
                double r = Math.exp(-Math.PI * 80 / RATE);
                double out = x + 2 * r * Math.cos(2 * Math.PI * formants[f] / RATE) * y[2 * f] - r * r * y[2 * f + 1];
                y[2 * f + 1] = y[2 * f];
                y[2 * f] = out;
                voice[i] += (float) out;
            }
            voice[i] *= (float) (0.03 * (0.55 - 0.45 * Math.cos(2 * Math.PI * 4 * t)));
        }
        return voice;
    }

    @ParameterizedTest
    @ValueSource(doubles = {100, 20, 10})
    void speechIsFoundInNoiseAndWhereItIs(double signalToNoise) {
        float[] voice = voice(12 * RATE);
        double power = 0;
        for (int i = 2 * RATE; i < 5 * RATE; i++) {
            power += voice[i] * voice[i] / (3.0 * RATE);
        }
        float[] noise = scaled(noise("pink", 7, voice.length), Math.sqrt(power / Math.pow(10, signalToNoise / 10)));
        List<Speech> found = speech(plus(voice, noise));
        assertThat(found).hasSize(2);
        assertThat(found.get(0).from()).isBetween((long) (1.0 * RATE), (long) (2.1 * RATE));
        assertThat(found.get(0).to()).isBetween((long) (4.8 * RATE), (long) (5.6 * RATE));
        assertThat(found.get(1).from()).isBetween((long) (7.5 * RATE), (long) (8.1 * RATE));
        assertThat(found.get(1).to()).isBetween((long) (9.8 * RATE), (long) (10.6 * RATE));
    }

    @Test
    void blocksDoNotMatterAndSilenceIsConfigurable() {
        float[] voice = voice(12 * RATE);
        var activity = new VoiceActivity(Settings.usual());
        var found = new ArrayList<Speech>();
        var random = new Random(9);
        for (int at = 0; at < voice.length; ) {
            int n = Math.min(voice.length - at, random.nextInt(5000));
            found.addAll(activity.push(voice, at, at + n));
            at += n;
        }
        activity.finish().ifPresent(found::add);
        assertThat(found).isEqualTo(speech(voice));
        assertThat(VoiceActivity.of(new Waveform(voice, RATE), new Settings(5, 0.2, 0.3)))
                .hasSize(1);
    }

    /** Where the loudest parts lie, speech must have been found: 95 % of all frames within 25 dB of the loudest. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "jfk/jfk.wav",
                "deepspeech/arctic_a0024.wav",
                "deepspeech/new-home-in-the-stars-16k.wav",
                "pocketsphinx/cards/001.wav",
                "pocketsphinx/cards/002.wav",
                "pocketsphinx/cards/003.wav",
                "pocketsphinx/cards/004.wav",
                "pocketsphinx/cards/005.wav",
                "speechbrain/ASR/spk1_snt1.wav",
                "speechbrain/ASR/spk1_snt2.wav",
                "speechbrain/ASR/spk1_snt3.wav",
                "speechbrain/ASR/spk2_snt1.wav",
                "speechbrain/ASR/spk2_snt2.wav",
                "speechbrain/ASR/spk2_snt3.wav",
                "speechbrain/TTS/LJ050-0131.wav",
                "uberi_formats/audio-mono-16-bit-44100Hz.wav",
                "uberi_formats/french.aiff",
                "uberi_formats/chinese.flac"
            })
    void recordedSpeechIsCovered(String name) throws IOException {
        Path file = SPEECH.resolve(name);
        assumeTrue(Files.exists(file), "skipped: no recordings in " + SPEECH);
        float[] sound;
        try (var stream = AudioFile.open(file, AudioLimits.usual()).at(RATE)) {
            sound = stream.rest(AudioLimits.usual()).samples();
        }
        assertThat(covered(sound, speech(sound))).isGreaterThanOrEqualTo(0.95);
    }

    /** Which part of the 20 ms frames within 25 dB of the loudest lies in what was found. */
    private static double covered(float[] sound, List<Speech> found) {
        double[] power = new double[sound.length / 320];
        double loudest = 0;
        for (int f = 0; f < power.length; f++) {
            for (int i = 0; i < 320; i++) {
                power[f] += sound[320 * f + i] * sound[320 * f + i];
            }
            loudest = Math.max(loudest, power[f]);
        }
        int loud = 0;
        int covered = 0;
        for (int f = 0; f < power.length; f++) {
            long middle = 320L * f + 160;
            if (power[f] > loudest / 316) {
                loud++;
                covered += found.stream().anyMatch(s -> s.from() <= middle && middle < s.to()) ? 1 : 0;
            }
        }
        return (double) covered / loud;
    }
}
