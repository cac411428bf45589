package konsil.media.audio;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds speech in sound of 16 kHz as it arrives. Speech has a pitch (a comb in its spectrum), is louder than what was
 * there before, and changes while it has a pitch; noise has no comb, hum and tones do not change. Consonants without a
 * pitch are taken along by a margin on both sides. How the sound is cut into blocks does not matter. For one thread.
 */
public final class VoiceActivity {
    public static final int SAMPLE_RATE = 16_000;

    private static final int HOP = 160;
    /** Half a second is looked at together. */
    private static final int RECENT = 50;

    private static final double COMB = 0.42;
    /** Once someone speaks, a hoarse voice is enough. */
    private static final double FAINT_COMB = 0.3;

    private static final double LOUDER_DB = 4;
    /** Loud parts next to a voice belong to it, for so long. */
    private static final double LOUD_DB = 8;

    private static final int LOUD_NEIGHBOUR = SAMPLE_RATE * 6 / 10;
    private static final int LOUD_GAP = SAMPLE_RATE * 15 / 100;
    /** Frames of a run of voiced ones that may still hold its beginning, where even a steady tone changes. */
    private static final int ONSET_FRAMES = 3;

    private static final double QUIETEST_DB = -65;
    private static final int VOICED_FRAMES = 7;
    private static final double CHANGE_DB = 2.0;
    private static final int FLOOR_PARTS = 8;
    private static final int FLOOR_PART = 25;
    private static final double FIRST_FLOOR_DB = -60;

    /**
     * @param silence seconds without a voice that end a segment, 0.1 to 10
     * @param before seconds that are added in front of the first voice, 0 to 1
     * @param after seconds that are added behind the last voice, 0 to 1, at most silence
     */
    public record Settings(double silence, double before, double after) {
        public Settings {
            if (!(silence >= 0.1 && silence <= 10 && before >= 0 && before <= 1 && after >= 0 && after <= 1)
                    || after > silence) {
                throw new IllegalArgumentException(
                        "voice activity: want silence 0.1 to 10 s, margins 0 to 1 s and not beyond it, got %s, %s, %s"
                                .formatted(silence, before, after));
            }
        }

        public static Settings usual() {
            return new Settings(0.7, 0.3, 0.35);
        }
    }

    /** Speech from one sample (inclusive) to another (exclusive). */
    public record Speech(long from, long to) {}

    /** One frame as the decision needs it: where its middle is, and its bands; only voiced ones are kept. */
    private record Voiced(long at, double[] bands) {}

    private final Settings settings;
    private final VoiceFrames frames = new VoiceFrames();
    private final ArrayDeque<Voiced> recent = new ArrayDeque<>();
    private final double[] floorParts = new double[FLOOR_PARTS];
    private float[] held = new float[4 * VoiceFrames.WINDOW];
    private int count;
    private long start;
    private long frame;
    private double smoothLevel = FIRST_FLOOR_DB;
    private int run;
    private long loudFrom;
    private long lastLoud = -SAMPLE_RATE;
    private long speechFrom = -1;
    private long voiceFrom;
    private long lastVoice;
    private long speechTo;
    private long lastEnd;

    public VoiceActivity(Settings settings) {
        this.settings = settings;
        Arrays.fill(floorParts, FIRST_FLOOR_DB);
    }

    /** Takes samples [from, to); returns what ended within them. */
    public List<Speech> push(float[] samples, int from, int to) {
        var ended = new ArrayList<Speech>();
        for (int at = from; at < to; ) {
            int n = Math.min(to - at, held.length - count);
            System.arraycopy(samples, at, held, count, n);
            count += n;
            at += n;
            int used = 0;
            for (; used + VoiceFrames.WINDOW <= count; used += HOP) {
                look(frames.next(held, used), start + used + VoiceFrames.WINDOW / 2)
                        .ifPresent(ended::add);
            }
            System.arraycopy(held, used, held, 0, count - used);
            count -= used;
            start += used;
        }
        return ended;
    }

    /** The sound has ended: what was still being said. */
    public Optional<Speech> finish() {
        return speechFrom < 0 ? Optional.empty() : Optional.of(end(start + count));
    }

    /** Whether someone speaks now, as far as is known. */
    public boolean speaking() {
        return speechFrom >= 0;
    }

    /** The sample where what is being said began, its margin included; empty while nobody speaks. */
    public OptionalLong speechStart() {
        return speechFrom < 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(0, speechFrom));
    }

    /** All speech of a whole sound of 16 kHz. */
    public static List<Speech> of(Waveform sound, Settings settings) {
        if (sound.sampleRate() != SAMPLE_RATE) {
            throw new IllegalArgumentException("voice activity: want 16000 Hz, got " + sound.sampleRate());
        }
        var activity = new VoiceActivity(settings);
        var all = new ArrayList<>(activity.push(sound.samples(), 0, sound.samples().length));
        activity.finish().ifPresent(all::add);
        return all;
    }

    private Optional<Speech> look(VoiceFrames.Frame now, long middle) {
        double floor = floor(now.level());
        boolean louder = now.level() > Math.max(QUIETEST_DB, floor + LOUDER_DB);
        boolean voiced = now.comb() > COMB && louder;
        if (now.level() > floor + LOUD_DB) {
            loudFrom = middle - lastLoud > LOUD_GAP ? middle : loudFrom;
            lastLoud = middle;
        }
        run = voiced ? run + 1 : 0;
        voiceFrom = run == 1 && recent.isEmpty() ? middle : voiceFrom;
        while (!recent.isEmpty() && recent.getFirst().at() <= middle - RECENT * HOP) {
            recent.removeFirst();
        }
        if (run >= ONSET_FRAMES) {
            recent.addLast(new Voiced(middle, now.bands()));
        }
        if (voiced && recent.size() >= VOICED_FRAMES && change() > CHANGE_DB) {
            if (speechFrom < 0) {
                long first = Math.min(voiceFrom, Math.max(loudFrom, voiceFrom - LOUD_NEIGHBOUR));
                speechFrom = Math.max(lastEnd, first - samples(settings.before()));
            }
            lastVoice = middle;
        } else if (speechFrom >= 0 && louder && now.comb() > FAINT_COMB && middle - speechTo < LOUD_NEIGHBOUR) {
            lastVoice = middle;
        }
        if (speechFrom < 0) {
            return Optional.empty();
        }
        boolean loud = lastLoud == middle && middle - lastVoice < LOUD_NEIGHBOUR;
        speechTo = Math.max(lastVoice, loud ? middle : speechTo);
        return middle - speechTo >= samples(settings.silence()) ? Optional.of(end(Long.MAX_VALUE)) : Optional.empty();
    }

    private static long samples(double seconds) {
        return Math.round(seconds * SAMPLE_RATE);
    }

    private Speech end(long most) {
        var speech = new Speech(Math.max(0, speechFrom), Math.min(most, speechTo + samples(settings.after())));
        lastEnd = speech.to();
        speechFrom = -1;
        return speech;
    }

    /** The lowest level, smoothed over some 50 ms, of the last two seconds. */
    private double floor(double level) {
        smoothLevel += 0.25 * (level - smoothLevel);
        int part = (int) (frame / FLOOR_PART % FLOOR_PARTS);
        if (frame >= FLOOR_PART && frame % FLOOR_PART == 0) {
            floorParts[part] = smoothLevel;
        }
        floorParts[part] = Math.min(floorParts[part], smoothLevel);
        frame++;
        return Arrays.stream(floorParts).min().orElseThrow();
    }

    /** How much the bands of the voiced frames differ among themselves: standard deviation in dB, mean of the bands. */
    private double change() {
        double total = 0;
        for (int b = 0; b < VoiceFrames.BANDS; b++) {
            double sum = 0;
            double squares = 0;
            for (Voiced one : recent) {
                sum += one.bands()[b];
                squares += one.bands()[b] * one.bands()[b];
            }
            double mean = sum / recent.size();
            total += Math.sqrt(Math.max(0, squares / recent.size() - mean * mean)) / VoiceFrames.BANDS;
        }
        return total;
    }
}
