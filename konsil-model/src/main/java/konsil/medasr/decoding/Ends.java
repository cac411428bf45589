package konsil.medasr.decoding;

/**
 * What is known of a prefix after some frame, for the ways to hear it that end in a blank and those that end in its
 * last token: the logarithm of their summed probability, and the most likely one of them.
 */
final class Ends {
    private double blank;
    private double token;
    private double bestBlank;
    private double bestToken;
    private Aligned blankPath;
    private Aligned tokenPath;

    Ends() {
        clear();
    }

    void clear() {
        blank = token = bestBlank = bestToken = LogSum.NOTHING;
        blankPath = tokenPath = Aligned.START;
    }

    /** Nothing was heard yet, for certain. */
    void begin() {
        blank = 0;
        bestBlank = 0;
    }

    /** Of both endings. */
    double total() {
        return LogSum.of(blank, token);
    }

    double blank() {
        return blank;
    }

    double token() {
        return token;
    }

    private boolean endsBetterInBlank() {
        return bestBlank >= bestToken;
    }

    Aligned path() {
        return endsBetterInBlank() ? blankPath : tokenPath;
    }

    /** The same prefix and a blank. */
    void addBlank(Ends before, double p) {
        blank = LogSum.of(blank, before.total() + p);
        double best = Math.max(before.bestBlank, before.bestToken) + p;
        if (best > bestBlank) {
            bestBlank = best;
            blankPath = before.path();
        }
    }

    /** The same prefix, its last token heard on. */
    void addRepeat(Ends before, double p, int frame) {
        token = LogSum.of(token, before.token + p);
        if (before.bestToken + p > bestToken) {
            bestToken = before.bestToken + p;
            tokenPath = before.tokenPath.until(frame + 1);
        }
    }

    /** A shorter prefix and a new token. @param repeats whether the shorter one ends in the same token */
    void addToken(Ends before, double p, int id, int frame, boolean repeats) {
        token = LogSum.of(token, (repeats ? before.blank : before.total()) + p);
        double best = (repeats ? before.bestBlank : Math.max(before.bestBlank, before.bestToken)) + p;
        if (best > bestToken) {
            bestToken = best;
            tokenPath = new Aligned(repeats ? before.blankPath : before.path(), id, frame, frame + 1);
        }
    }

    /** Forgets all but the last tokens of both paths. */
    void keep(int tokens) {
        if (bestBlank > LogSum.NOTHING) {
            blankPath = Aligned.keep(blankPath, tokens);
        }
        if (bestToken > LogSum.NOTHING) {
            tokenPath = Aligned.keep(tokenPath, tokens);
        }
    }
}
