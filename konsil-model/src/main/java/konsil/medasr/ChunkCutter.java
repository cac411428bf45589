package konsil.medasr;

import konsil.medasr.LongAudio.Cutter;
import konsil.medasr.LongAudio.Samples;

/** {@link Windowing.Chunked}, with the arithmetic of the reference. */
final class ChunkCutter implements Cutter {
    private final Recogniser recogniser;
    private final EmissionsSink sink;
    private final int perFrame;
    private final long length;
    private final long stride;
    private long start;

    ChunkCutter(Recogniser recogniser, Windowing.Chunked chunked, EmissionsSink sink) {
        this.recogniser = recogniser;
        this.sink = sink;
        this.perFrame = recogniser.model().config().clock().step();
        this.length = (long) chunked.frames() * perFrame;
        this.stride = (long) chunked.stride() * perFrame;
    }

    /** A chunk that ends with the sound is the last, so one sample more must be there. */
    @Override
    public void advance(Samples samples) {
        while (samples.end() > start + length) {
            run(samples, start + length, false);
            start += length - 2 * stride;
            samples.forget(start);
        }
    }

    @Override
    public void finish(Samples samples) {
        long left = start == 0 ? 0 : stride;
        if (samples.end() - start > left) {
            run(samples, samples.end(), true);
        }
    }

    private void run(Samples samples, long end, boolean last) {
        double size = end - start;
        long left = start == 0 ? 0 : stride;
        long right = last ? 0 : stride;
        var emissions = samples.heardBy(recogniser, start, end);
        double nominal = Math.rint(size / perFrame);
        int from = (int) Math.rint(left / size * nominal);
        int to = (int) (nominal - Math.rint(right / size * nominal));
        int kept = Math.min(to, emissions.frames()) - from;
        if (kept > 0) {
            sink.accept(emissions.slice(from, from + kept));
        }
    }
}
