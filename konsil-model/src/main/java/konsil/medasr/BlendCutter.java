package konsil.medasr;

import java.util.Arrays;
import konsil.medasr.LongAudio.Cutter;
import konsil.medasr.LongAudio.Samples;

/**
 * {@link Windowing.Blended}: weighted sums of probabilities for the frames that a later window may still touch. A frame
 * that one window alone has seen keeps that window's values as they are.
 */
final class BlendCutter implements Cutter {
    private final Recogniser recogniser;
    private final EmissionsSink sink;
    private final FrameClock clock;
    private final int tokens;
    private final int frames;
    private final int hop;
    private final double[] weights;
    /** The first frame of the next window. */
    private long next;
    /** The first frame of those below. */
    private long open;

    private int held;
    private float[] window = {};
    private final double[] sums;
    private final double[] total;
    private final float[] only;
    private final int[] windows;

    BlendCutter(Recogniser recogniser, Windowing.Blended blended, EmissionsSink sink) {
        this.recogniser = recogniser;
        this.sink = sink;
        this.clock = recogniser.model().config().clock();
        this.tokens = recogniser.model().config().vocabSize();
        this.frames = blended.frames();
        this.hop = blended.hop();
        this.weights = hamming(frames);
        int room = Math.addExact(frames, hop);
        this.sums = new double[Math.multiplyExact(room, tokens)];
        this.only = new float[sums.length];
        this.total = new double[room];
        this.windows = new int[room];
    }

    /** Never zero, at its ends 0.08. */
    private static double[] hamming(int size) {
        double[] weights = new double[size];
        Arrays.setAll(weights, i -> size == 1 ? 1 : 0.54 - 0.46 * Math.cos(2 * Math.PI * i / (size - 1)));
        return weights;
    }

    @Override
    public void advance(Samples samples) {
        while (samples.end() >= next * clock.step() + clock.samples(frames)) {
            run(samples, next, frames);
            next += hop;
            // the last window reaches back at most to the frame after the one before's first
            samples.forget((next - hop) * clock.step());
        }
    }

    @Override
    public void finish(Samples samples) {
        long all = samples.end() < clock.span() ? 0 : (samples.end() - clock.span()) / clock.step() + 1;
        long seen = next == 0 ? 0 : next - hop + frames;
        if (all > seen) {
            long first = Math.max(0, all - frames);
            run(samples, first, (int) (all - first));
        }
        give(open + held);
    }

    /** Frames before this window's are certain now: later ones begin later. */
    private void run(Samples samples, long first, int count) {
        give(first);
        long from = first * clock.step();
        var emissions = samples.heardBy(recogniser, from, from + clock.samples(count), this::lent);
        int at = (int) (first - open);
        for (int i = 0; i < count; i++) {
            int row = at + i;
            total[row] += weights[i];
            windows[row]++;
            int to = row * tokens;
            for (int token = 0; token < tokens; token++) {
                only[to + token] = emissions.at(i, token);
                sums[to + token] += weights[i] * Math.exp(only[to + token]);
            }
        }
        held = Math.max(held, at + count);
    }

    /** The same array again for windows of the same length: nobody else sees it. */
    private float[] lent(int size) {
        if (window.length != size) {
            window = new float[size];
        }
        return window;
    }

    /** Gives out the frames before one. */
    private void give(long before) {
        int count = (int) Math.min(held, before - open);
        if (count <= 0) {
            return;
        }
        float[] result = Arrays.copyOf(only, count * tokens);
        for (int row = 0; row < count; row++) {
            if (windows[row] > 1) {
                for (int i = row * tokens; i < (row + 1) * tokens; i++) {
                    result[i] = (float) Math.log(sums[i] / total[row]);
                }
            }
        }
        drop(count);
        sink.accept(new Emissions(count, tokens, result));
    }

    private void drop(int count) {
        int left = held - count;
        System.arraycopy(sums, count * tokens, sums, 0, left * tokens);
        Arrays.fill(sums, left * tokens, held * tokens, 0);
        System.arraycopy(only, count * tokens, only, 0, left * tokens);
        System.arraycopy(total, count, total, 0, left);
        Arrays.fill(total, left, held, 0);
        System.arraycopy(windows, count, windows, 0, left);
        Arrays.fill(windows, left, held, 0);
        held = left;
        open += count;
    }
}
