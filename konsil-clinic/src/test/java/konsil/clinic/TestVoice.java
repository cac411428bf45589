package konsil.clinic;

import java.util.Random;

/** Sounds made in code, 16 kHz. */
final class TestVoice {
    static final int RATE = 16_000;

    private TestVoice() {}

    /** Something like a voice: pulses of a moving pitch through three moving resonances. */
    static float[] voice(int count) {
        float[] voice = new float[count];
        double phase = 0;
        double[] y = new double[6];
        for (int i = 0; i < count; i++) {
            double t = (double) i / RATE;
            phase += (130 + 25 * Math.sin(2 * Math.PI * 0.6 * t)) / RATE;
            double x = phase >= 1 ? 1 : 0;
            phase -= Math.floor(phase);
            double[] formants = {
                520 + 260 * Math.sin(2 * Math.PI * 1.9 * t), 1450 + 550 * Math.cos(2 * Math.PI * 1.2 * t), 2700
            };
            for (int f = 0; f < 3; f++) {
                double r = Math.exp(-Math.PI * 80 / RATE);
                double out = x + 2 * r * Math.cos(2 * Math.PI * formants[f] / RATE) * y[2 * f] - r * r * y[2 * f + 1];
                y[2 * f + 1] = y[2 * f];
                y[2 * f] = out;
                voice[i] += (float) out;
            }
            voice[i] *= (float) (0.03 * (0.55 - 0.45 * Math.cos(2 * Math.PI * 3.5 * t)));
        }
        return voice;
    }

    static float[] noise(long seed, int count, double level) {
        var random = new Random(seed);
        float[] noise = new float[count];
        for (int i = 0; i < count; i++) noise[i] = (float) (level * random.nextGaussian());
        return noise;
    }

    /** Harmonics of one tone that never change. */
    static float[] hum(double hertz, int count) {
        float[] hum = new float[count];
        for (int h = 1; h * hertz < 4000; h++) {
            for (int i = 0; i < count; i++)
                hum[i] += (float) (0.1 / h * Math.sin(2 * Math.PI * hertz * h * i / RATE + h));
        }
        return hum;
    }

    /** Noise that falls with frequency, and a motor. */
    static float[] fan(long seed, int count) {
        float[] fan = hum(87, count);
        float[] white = noise(seed, count, 0.02);
        double brown = 0;
        for (int i = 0; i < count; i++) {
            brown = 0.99 * brown + white[i];
            fan[i] = (float) (0.2 * fan[i] + brown);
        }
        return fan;
    }

    static float[] joined(float[]... parts) {
        int count = 0;
        for (float[] part : parts) count += part.length;
        float[] all = new float[count];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
