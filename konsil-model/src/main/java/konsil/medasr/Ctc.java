package konsil.medasr;

import java.util.Arrays;

/** Connectionist temporal classification without a search (Graves et al., ICML 2006). */
public final class Ctc {
    private Ctc() {}

    /** The most likely token of every frame, the first among equals. */
    public static int[] best(Emissions emissions) {
        int[] best = new int[emissions.frames()];
        Arrays.setAll(best, emissions::best);
        return best;
    }

    /**
     * Equal neighbours become one, then blanks are dropped.
     *
     * @param frames one token for each
     */
    public static int[] collapse(int[] frames, int blank) {
        int[] ids = new int[frames.length];
        int count = 0;
        for (int i = 0; i < frames.length; i++) {
            if (frames[i] != blank && (i == 0 || frames[i] != frames[i - 1])) {
                ids[count++] = frames[i];
            }
        }
        return Arrays.copyOf(ids, count);
    }

    /** The tokens of the most likely path. Its text is {@link konsil.text.Tokenizer#decode} of them. */
    public static int[] greedy(Emissions emissions, int blank) {
        return collapse(best(emissions), blank);
    }
}
