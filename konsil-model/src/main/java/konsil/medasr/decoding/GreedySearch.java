package konsil.medasr.decoding;

import java.util.List;
import konsil.medasr.Emissions;

/** The most likely token of each frame. All tokens but the last one are stable, which may still grow longer. */
final class GreedySearch implements Search {
    private final int tokens;
    private final RunBuilder open = new RunBuilder();
    private int previous = Pieces.BLANK;
    private int frames;
    private double score;

    GreedySearch(int tokens) {
        this.tokens = tokens;
    }

    @Override
    public void push(Emissions block) {
        PrefixSearch.requireTokens(block, tokens);
        for (int frame = 0; frame < block.frames(); frame++, frames++) {
            int best = block.best(frame);
            score += block.at(frame, best);
            if (best != Pieces.BLANK) {
                if (best == previous) {
                    open.stretch(frames + 1);
                } else {
                    open.add(best, frames, frames + 1);
                }
            }
            previous = best;
        }
    }

    @Override
    public Partial partial() {
        int stable = stable();
        return new Partial(open.run(0, stable), open.run(stable, open.length()));
    }

    private int stable() {
        return open.length() - (previous == Pieces.BLANK ? 0 : 1);
    }

    /** Nothing is open but the last token, which only what follows can end. */
    @Override
    public void settle(int before) {}

    @Override
    public TokenRun take() {
        return open.take(stable());
    }

    @Override
    public List<Hypothesis> finish(int most) {
        return List.of(new Hypothesis(open.run(0, open.length()), score, score, 0, 0));
    }
}
