package konsil.phantom.speech;

import konsil.media.audio.Waveform;
import konsil.phantom.text.Chance;

/**
 * A microphone in a quiet room: some silence before and after, a few early echoes, noise, and a loudness.
 *
 * @param before seconds of silence
 * @param after seconds of silence
 * @param echoes how strong the echoes are beside the voice; 0 to 0.3
 * @param noise signal to noise, dB
 * @param peak of the loudest sample; at most 1
 */
record Room(double before, double after, double echoes, double noise, double peak) {
    private static final double[] DELAYS = {0.007, 0.013, 0.021, 0.034};
    private static final double DECAY = 0.7;

    static Room made(Chance chance) {
        return new Room(
                chance.between(0.1, 0.4),
                chance.between(0.1, 0.4),
                chance.between(0.0, 0.2),
                chance.between(25.0, 45.0),
                chance.between(0.3, 0.9));
    }

    /** How a dry voice sounds in it. */
    Waveform hear(Waveform dry, Chance chance) {
        int rate = dry.sampleRate();
        int start = (int) (before * rate);
        float[] said = dry.samples();
        double[] heard = new double[start + said.length + (int) (after * rate)];
        double power = 0;
        for (int i = 0; i < said.length; i++) {
            heard[start + i] += said[i];
            power += said[i] * said[i];
            double strength = echoes;
            for (double delay : DELAYS) {
                int at = start + i + (int) (delay * rate);
                if (at < heard.length) heard[at] += strength * said[i];
                strength *= DECAY;
            }
        }
        double level = Math.sqrt(power / Math.max(1, said.length)) * Math.pow(10, -noise / 20);
        double most = 1e-9;
        for (int i = 0; i < heard.length; i++) {
            heard[i] += level * chance.normal();
            most = Math.max(most, Math.abs(heard[i]));
        }
        float[] samples = new float[heard.length];
        for (int i = 0; i < samples.length; i++) samples[i] = (float) (heard[i] * peak / most);
        return new Waveform(samples, rate);
    }
}
