package konsil.medasr.decoding;

import java.util.List;
import java.util.Optional;

/** Where the words of a hypothesis of {@link CompatibleSearch} were heard, the last first. */
record WordFrames(Optional<WordFrames> before, int from, int to) {
    /** The tokens of all words with the frames of their words. @param last of the last word */
    static TokenRun run(Optional<WordFrames> last, List<List<Integer>> words) {
        var run = TokenRun.EMPTY;
        var at = last;
        for (var word : words.reversed()) {
            var frames = at.orElseThrow();
            int length = word.size();
            var ids = new int[length];
            var from = new int[length];
            var to = new int[length];
            for (int i = 0; i < length; i++) {
                ids[i] = word.get(i);
                from[i] = frames.from;
                to[i] = frames.to;
            }
            run = new TokenRun(ids, from, to).then(run);
            at = frames.before;
        }
        return run;
    }
}
