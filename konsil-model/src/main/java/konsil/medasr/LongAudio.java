package konsil.medasr;

import java.util.Arrays;
import java.util.function.IntFunction;
import konsil.tensor.BadInputException;

/**
 * Sound of any length to what the network says about it: samples go in as they come, frames come out as they become
 * certain, in the order of time. It keeps a window of sound and of frames, however long the sound is. For one thread.
 */
public final class LongAudio {
    private final Cutter cutter;
    private final Samples samples = new Samples();
    private boolean finished;

    /** What one kind of windowing does with the sound that has come so far. */
    interface Cutter {
        /** Uses up what can be used before the end is known. */
        void advance(Samples samples);

        /** The sound is over. */
        void finish(Samples samples);
    }

    /** @param sink is called from {@link #accept} and {@link #finish} */
    public LongAudio(Recogniser recogniser, Windowing windowing, EmissionsSink sink) {
        this.cutter = cutter(recogniser, windowing, sink);
    }

    private static Cutter cutter(Recogniser recogniser, Windowing windowing, EmissionsSink sink) {
        return switch (windowing) {
            case Windowing.Whole whole -> new WholeCutter(recogniser, whole.most(), sink);
            case Windowing.Chunked chunked -> new ChunkCutter(recogniser, chunked, sink);
            case Windowing.Blended blended -> new BlendCutter(recogniser, blended, sink);
            case Windowing.Fitting(int most, var beyond) ->
                new FittingCutter(recogniser, most, new BlendCutter(recogniser, beyond, sink), sink);
        };
    }

    /**
     * What the network says about a clip that is there already.
     *
     * @param clip -1 to 1, 16 kHz, one channel
     */
    public static Emissions of(Recogniser recogniser, Windowing windowing, float[] clip) {
        var joined = new EmissionsJoiner(recogniser.model().config().vocabSize());
        var audio = new LongAudio(recogniser, windowing, joined);
        audio.accept(clip);
        audio.finish();
        return joined.emissions();
    }

    /**
     * More sound.
     *
     * @param more -1 to 1, 16 kHz, one channel; any number of samples
     * @throws BadInputException when the windowing or the memory limit allows no more, or a sample is no finite number
     */
    public void accept(float[] more) {
        if (finished) {
            throw new IllegalStateException("more sound after its end");
        }
        samples.add(more);
        cutter.advance(samples);
    }

    /** The sound is over: what is still held back is given out. */
    public void finish() {
        if (!finished) {
            finished = true;
            cutter.finish(samples);
        }
    }

    /** The samples that may still be needed. */
    static final class Samples {
        private float[] held = new float[LogMel.RATE];
        private int count;
        /** Samples that came before the ones held. */
        private long gone;

        private void add(float[] more) {
            if (count > held.length - more.length) {
                held = Arrays.copyOf(held, Math.max(Math.addExact(count, more.length), 2 * held.length));
            }
            System.arraycopy(more, 0, held, count, more.length);
            count += more.length;
        }

        /** Where the sound ends so far. */
        long end() {
            return gone + count;
        }

        /** What a network says about a range that is held, as of a clip of its own. */
        Emissions heardBy(Recogniser recogniser, long from, long to) {
            return heardBy(recogniser, from, to, float[]::new);
        }

        /** @param memory gives an array of so many numbers for the result */
        Emissions heardBy(Recogniser recogniser, long from, long to, IntFunction<float[]> memory) {
            return recogniser.emissions(held, Math.toIntExact(from - gone), Math.toIntExact(to - gone), memory);
        }

        /** Nothing before this place will be asked for any more. */
        void forget(long before) {
            int drop = Math.toIntExact(before - gone);
            if (drop > 0) {
                System.arraycopy(held, drop, held, 0, count - drop);
                count -= drop;
                gone = before;
            }
        }
    }

    /** All at once. */
    private record WholeCutter(Recogniser recogniser, int most, EmissionsSink sink) implements Cutter {
        @Override
        public void advance(Samples samples) {
            var clock = recogniser.model().config().clock();
            if (samples.end() > clock.samples(most) + clock.step()) {
                throw new BadInputException("the sound is longer than the %.0f s that are taken as a whole; use windows"
                        .formatted(most * clock.frameSeconds()));
            }
        }

        @Override
        public void finish(Samples samples) {
            var emissions = samples.heardBy(recogniser, 0, samples.end());
            if (emissions.frames() > 0) {
                sink.accept(emissions);
            }
        }
    }

    /** All at once, until there is too much. */
    private record FittingCutter(Recogniser recogniser, int most, BlendCutter beyond, EmissionsSink sink)
            implements Cutter {
        @Override
        public void advance(Samples samples) {
            if (tooLong(samples)) {
                beyond.advance(samples);
            }
        }

        private boolean tooLong(Samples samples) {
            var clock = recogniser.model().config().clock();
            return samples.end() >= clock.samples(most + 1);
        }

        @Override
        public void finish(Samples samples) {
            if (tooLong(samples)) {
                beyond.finish(samples);
            } else {
                new WholeCutter(recogniser, most, sink).finish(samples);
            }
        }
    }
}
