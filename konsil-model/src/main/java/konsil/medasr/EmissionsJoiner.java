package konsil.medasr;

import java.util.Arrays;

/** Puts frames that come one after the other together. */
public final class EmissionsJoiner implements EmissionsSink {
    private final int tokens;
    private float[] values = new float[0];
    private int frames;

    /** @param tokens that a frame tells apart */
    public EmissionsJoiner(int tokens) {
        this.tokens = tokens;
    }

    @Override
    public void accept(Emissions next) {
        int used = frames * tokens;
        int more = next.logProbabilities().length;
        if (used > values.length - more) {
            long wish = Math.max((long) used + more, Math.min(Integer.MAX_VALUE - 16, 2L * values.length));
            values = Arrays.copyOf(values, Math.toIntExact(wish));
        }
        System.arraycopy(next.logProbabilities(), 0, values, used, more);
        frames += next.frames();
    }

    /** All frames that have come. */
    public Emissions emissions() {
        return new Emissions(frames, tokens, Arrays.copyOf(values, frames * tokens));
    }
}
