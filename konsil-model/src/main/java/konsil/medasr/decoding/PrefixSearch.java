package konsil.medasr.decoding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import konsil.medasr.Emissions;
import konsil.medasr.lm.LmState;

/**
 * Prefix beam search. After every frame each living prefix knows the summed probability of all ways to hear it, with
 * the language model's and the terms' share added for ranking only. What all living prefixes begin with is stable:
 * it becomes the new root and what is before it is forgotten, as soon as no term is half heard there.
 */
final class PrefixSearch implements Search {
    private static final Comparator<PrefixNode> BEST_NEXT_FIRST =
            Comparator.comparingDouble(PrefixSearch::nextScore).reversed();
    private static final int FRAMES_TO_COMMIT = 16;
    private static final int MOST_OPEN = 100;

    private final Fusion fusion;
    private final Terms terms;
    private final BeamSettings settings;
    private final boolean alternatives;
    private final int[] chosen;
    private final RunBuilder stable = new RunBuilder();
    private PrefixNode root;
    private List<PrefixNode> beam = new ArrayList<>();
    private final List<PrefixNode> candidates = new ArrayList<>();
    private double best;
    private int frames;

    PrefixSearch(Fusion fusion, Terms terms, BeamSettings settings, boolean alternatives) {
        this.fusion = fusion;
        this.terms = terms;
        this.settings = settings;
        this.alternatives = alternatives;
        chosen = new int[fusion.pieces().size()];
        root = PrefixNode.root(fusion.start(), terms.start());
        beam.add(root);
    }

    static void requireTokens(Emissions block, int tokens) {
        if (block.tokens() != tokens) {
            throw new IllegalArgumentException(
                    "emissions of %d tokens, the decoder knows %d".formatted(block.tokens(), tokens));
        }
    }

    private static double nextScore(PrefixNode node) {
        return node.next().total() + node.prior();
    }

    @Override
    public void push(Emissions block) {
        requireTokens(block, chosen.length);
        for (int frame = 0; frame < block.frames(); frame++) {
            step(block, frame);
            if (++frames % FRAMES_TO_COMMIT == 0) {
                commit();
            }
        }
    }

    private void step(Emissions block, int frame) {
        candidates.clear();
        best = LogSum.NOTHING;
        int top = block.best(frame);
        if (!(block.at(frame, top) > LogSum.NOTHING)) {
            throw new IllegalArgumentException("frame %d: no token has a probability".formatted(frames));
        }
        for (var node : beam) {
            stay(node, block, frame, top);
        }
        int count = choose(block, frame, top);
        for (var node : beam) {
            for (int i = 0; i < count; i++) {
                float p = block.at(frame, chosen[i]);
                extend(node, chosen[i], p, chosen[i] != top && p < settings.tokenMinimum());
            }
        }
        prune();
    }

    /** The tokens worth a look as new ones: the likely, and those that a term can make so. */
    private int choose(Emissions block, int frame, int top) {
        int count = 0;
        for (int token = Pieces.BLANK + 1; token < chosen.length; token++) {
            float p = block.at(frame, token);
            if (token == top || p >= settings.tokenMinimum() - terms.mostStep(token) && p > LogSum.NOTHING) {
                chosen[count++] = token;
            }
        }
        return count;
    }

    /** A blank, or the last token heard on. */
    private void stay(PrefixNode node, Emissions block, int frame, int top) {
        float blank = block.at(frame, Pieces.BLANK);
        float repeat = block.at(frame, node.token());
        boolean addsBlank = top == Pieces.BLANK || blank >= settings.tokenMinimum();
        boolean repeats = node.token() != Pieces.BLANK
                && (top == node.token()
                        || repeat >= settings.tokenMinimum()
                        || node.heard().inTerm());
        if (addsBlank) {
            node.next().addBlank(node.now(), blank);
        }
        if (repeats) {
            node.next().addRepeat(node.now(), repeat, frames);
        }
        if (addsBlank || repeats) {
            candidate(node);
        }
    }

    private void candidate(PrefixNode node) {
        if (!node.touch()) {
            candidates.add(node);
        }
        best = Math.max(best, nextScore(node));
    }

    /** @param weak whether the token is only worth it where it leads on in a term */
    private void extend(PrefixNode node, int token, float p, boolean weak) {
        boolean repeats = token == node.token();
        double ctc = (repeats ? node.now().blank() : node.now().total()) + p;
        var child = node.child(token);
        boolean isNew = child == node;
        if (isNew
                && !(ctc + node.prior() + fusion.mostGain() + terms.mostGain(token) >= best + settings.beamMargin())) {
            return; // whatever the language model says, it would be dropped
        }
        var heard = isNew ? terms.then(node.heard(), node.token(), token) : child.heard();
        if (ctc == LogSum.NOTHING || weak && p + heard.score() - node.heard().score() < settings.tokenMinimum()) {
            return;
        }
        if (isNew && ctc + node.said().score() + fusion.mostGain() + heard.score() < best + settings.beamMargin()) {
            return;
        }
        if (isNew) {
            child = node.addChild(token, fusion.then(node.said(), token), heard);
        }
        child.next().addToken(node.now(), p, token, frames, repeats);
        candidate(child);
    }

    private void prune() {
        candidates.sort(BEST_NEXT_FIRST);
        var old = beam;
        old.forEach(node -> node.setAlive(false));
        beam = new ArrayList<>(settings.width());
        var seen = new HashSet<Prospect>();
        for (var node : candidates) {
            if (beam.size() == settings.width() || nextScore(node) < best + settings.beamMargin()) {
                break;
            }
            if (alternatives || seen.add(Prospect.of(node))) {
                node.setAlive(true);
                beam.add(node);
            }
        }
        candidates.forEach(PrefixNode::step);
        old.forEach(PrefixNode::leaveUnlessNeeded);
        candidates.forEach(PrefixNode::leaveUnlessNeeded);
    }

    /** All that matters to what may follow: of two prefixes with equal prospects the worse never becomes the better. */
    private record Prospect(Optional<LmState> state, int term, int token) {
        static Prospect of(PrefixNode node) {
            return new Prospect(node.said().state(), node.heard().node(), node.token());
        }
    }

    /** Moves what nothing can change any more out of the tree. */
    private void commit() {
        if (!alternatives && beam.getFirst().depth() > MOST_OPEN) {
            settle(beam.getFirst().ancestor(MOST_OPEN / 2));
        }
        var last = root;
        for (var at = root; !at.alive() && at.childCount() == 1; ) {
            at = at.onlyChild();
            last = at.alive() || at.heard().inTerm() ? last : at; // a living prefix may still hear its last token on
        }
        if (last == root) {
            return;
        }
        var said = tail(beam.getFirst());
        for (int i = 0, count = last.depth(); i < count; i++) {
            stable.add(said.ids()[i], said.from()[i], said.to()[i]);
        }
        last.becomeRoot();
        root = last;
        for (var node : beam) {
            node.now().keep(node.depth());
        }
    }

    /** Drops all prefixes that differ from the best one where it is old. */
    private void settle(PrefixNode settled) {
        var others = new ArrayList<>(beam);
        beam.removeIf(node -> node.ancestor(node.depth() - settled.depth()) != settled);
        others.removeAll(beam);
        others.forEach(node -> node.setAlive(false));
        others.forEach(PrefixNode::leaveUnlessNeeded);
    }

    @Override
    public void settle(int before) {
        var first = beam.getFirst();
        int[] ends = tail(first).to();
        int old = 0;
        while (old < ends.length && ends[old] <= before) {
            old++;
        }
        if (old > 0) {
            settle(first.ancestor(ends.length - old));
            commit();
        }
    }

    /** How many prefixes are in memory. */
    int nodes() {
        return root.size();
    }

    /** Best first: the beam is sorted. */
    private static TokenRun tail(PrefixNode node) {
        return Aligned.last(node.now().path(), node.depth());
    }

    @Override
    public Partial partial() {
        return new Partial(stable.run(0, stable.length()), tail(beam.getFirst()));
    }

    @Override
    public TokenRun take() {
        return stable.take(stable.length());
    }

    @Override
    public List<Hypothesis> finish(int most) {
        var before = stable.run(0, stable.length());
        return beam.stream()
                .map(node -> hypothesis(node, before))
                .sorted(Comparator.comparingDouble(Hypothesis::score).reversed())
                .limit(most)
                .toList();
    }

    private Hypothesis hypothesis(PrefixNode node, TokenRun before) {
        double ctc = node.now().total();
        double lm = node.said().score() + (node.token() == Pieces.END ? 0 : fusion.end(node.said()));
        double term = terms.finished(node.heard());
        return new Hypothesis(before.then(tail(node)), ctc + lm + term, ctc, lm, term);
    }
}
