package konsil.medasr.decoding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import konsil.medasr.Emissions;

/** Every way to hear every sequence of tokens, one after the other. */
final class BruteForce {
    private BruteForce() {}

    /** Random log-probabilities, the larger {@code sharp} the clearer. @param silent tokens that never come */
    static Emissions emissions(Random random, int frames, int tokens, double sharp, List<Integer> silent) {
        var p = new float[frames * tokens];
        for (int frame = 0; frame < frames; frame++) {
            double sum = 0;
            var logits = new double[tokens];
            for (int token = 0; token < tokens; token++) {
                logits[token] = silent.contains(token) ? LogSum.NOTHING : sharp * random.nextGaussian();
                sum += Math.exp(logits[token]);
            }
            for (int token = 0; token < tokens; token++) {
                p[frame * tokens + token] = (float) (logits[token] - Math.log(sum));
            }
        }
        return new Emissions(frames, tokens, p);
    }

    /** The sum over all alignments, and the frames of the best. */
    record Found(double ctc, double best, TokenRun run) {}

    static Map<List<Integer>, Found> all(Emissions e) {
        var found = new HashMap<List<Integer>, Found>();
        var path = new int[e.frames()];
        do {
            double p = 0;
            var run = new RunBuilder();
            for (int frame = 0; frame < path.length; frame++) {
                p += e.at(frame, path[frame]);
                if (path[frame] != 0 && frame > 0 && path[frame] == path[frame - 1]) {
                    run.stretch(frame + 1);
                } else if (path[frame] != 0) {
                    run.add(path[frame], frame, frame + 1);
                }
            }
            if (p > LogSum.NOTHING) {
                var tokens = run.run(0, run.length());
                found.merge(
                        boxed(tokens.ids()),
                        new Found(p, p, tokens),
                        (a, b) -> new Found(
                                LogSum.of(a.ctc, b.ctc), Math.max(a.best, b.best), a.best >= b.best ? a.run : b.run));
            }
        } while (next(path, e.tokens()));
        return found;
    }

    private static boolean next(int[] path, int tokens) {
        for (int i = 0; i < path.length; i++) {
            if (++path[i] < tokens) {
                return true;
            }
            path[i] = 0;
        }
        return false;
    }

    static List<Integer> boxed(int[] ids) {
        var list = new ArrayList<Integer>();
        for (int id : ids) {
            list.add(id);
        }
        return list;
    }
}
