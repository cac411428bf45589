package konsil.clinic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konsil.medasr.CtcAlignment;
import konsil.medasr.Emissions;
import konsil.medasr.EmissionsJoiner;
import konsil.medasr.EmissionsSink;
import konsil.medasr.FrameClock;
import konsil.medasr.WordTimes;
import konsil.medasr.decoding.Hypothesis;
import konsil.medasr.decoding.Pieces;
import konsil.medasr.decoding.Search;
import konsil.medasr.decoding.TokenRun;
import konsil.tensor.BadInputException;

/**
 * From what the network says to tokens with times. What is stable is aligned with its frames in stretches of some 20 s,
 * cut in the longest pause between words, and the frames are let go: memory does not grow with the sound, apart from
 * the tokens themselves. For one utterance, for one thread.
 */
final class Listening implements EmissionsSink {
    /** Frames of a stretch. */
    private static final int STRETCH = 500;
    /** Without a pause between words it is cut between pieces then. */
    private static final int LONGEST = 3000;

    private static final TokenRun NOTHING = new TokenRun(new int[0], new int[0], new int[0]);

    private final Search search;
    private final FrameClock clock;
    private final Pieces pieces;
    private final List<HeardToken> aligned = new ArrayList<>();
    private EmissionsJoiner held;
    private TokenRun open = NOTHING;
    private int first;
    private int frames;

    Listening(Search search, FrameClock clock, Pieces pieces) {
        this.search = search;
        this.clock = clock;
        this.pieces = pieces;
        held = new EmissionsJoiner(pieces.size());
    }

    @Override
    public void accept(Emissions next) {
        search.push(next);
        held.accept(next);
        frames += next.frames();
        take();
    }

    /** Decides for tokens that end by a frame. */
    void settle(int before) {
        search.settle(before);
        take();
    }

    private void take() {
        open = open.then(search.take());
        alignStretches();
    }

    private void alignStretches() {
        while (open.length() > 1 && open.to()[open.length() - 1] - first > STRETCH) {
            int count = pause(true);
            if (count == 0 && frames - first > LONGEST) {
                count = pause(false);
            }
            if (count == 0) {
                return;
            }
            align(count, (open.to()[count - 1] + open.from()[count]) / 2);
        }
    }

    int frames() {
        return frames;
    }

    /** The tokens that nothing changes any more. */
    int[] stable() {
        return joined(open.ids());
    }

    /** What follows and may change. */
    int[] tail() {
        return search.partial().tail().ids();
    }

    private int[] joined(int[] more) {
        int[] ids = Arrays.copyOf(aligned.stream().mapToInt(HeardToken::id).toArray(), aligned.size() + more.length);
        System.arraycopy(more, 0, ids, aligned.size(), more.length);
        return ids;
    }

    /** Which token follows the longest pause in the second half of a stretch; 0 for none. */
    private int pause(boolean betweenWords) {
        int best = 0;
        int longest = -1;
        for (int i = 1; i < open.length(); i++) {
            int gap = open.from()[i] - open.to()[i - 1];
            boolean late = open.to()[i - 1] - first >= STRETCH / 2;
            if (late && gap >= 0 && gap > longest && (!betweenWords || startsWord(open.ids()[i]))) {
                best = i;
                longest = gap;
            }
        }
        return best;
    }

    private boolean startsWord(int token) {
        return token <= Pieces.UNKNOWN || pieces.texts().get(token).startsWith("\u2581");
    }

    /** Aligns the first tokens with the frames before one, and lets both go. */
    private void align(int count, int before) {
        var all = held.emissions();
        int length = Math.clamp(before - first, 0, all.frames());
        var run = part(open, 0, count);
        aligned.addAll(times(run, all.slice(0, length)));
        open = part(open, count, open.length());
        held = new EmissionsJoiner(pieces.size());
        if (length < all.frames()) {
            held.accept(all.slice(length, all.frames()));
        }
        first += length;
    }

    private List<HeardToken> times(TokenRun run, Emissions emissions) {
        try {
            return CtcAlignment.align(emissions, run.ids(), Pieces.BLANK).stream()
                    .map(span -> new HeardToken(
                            span.token(),
                            seconds(first + span.from()),
                            seconds(first + span.to()),
                            WordTimes.confidence(emissions, span)))
                    .toList();
        } catch (BadInputException _) {
            return asSearched(run, emissions);
        }
    }

    /** The search of pyctcdecode puts several tokens into one frame; then its own frames have to do. */
    private List<HeardToken> asSearched(TokenRun run, Emissions emissions) {
        var tokens = new ArrayList<HeardToken>();
        for (int i = 0; i < run.length(); i++) {
            int from = Math.clamp(run.from()[i] - first, 0, emissions.frames());
            int to = Math.clamp(run.to()[i] - first, from, emissions.frames());
            var span = new CtcAlignment.Span(run.ids()[i], from, to);
            double confidence = from == to ? 0 : WordTimes.confidence(emissions, span);
            tokens.add(new HeardToken(run.ids()[i], seconds(run.from()[i]), seconds(run.to()[i]), confidence));
        }
        return tokens;
    }

    private double seconds(int frame) {
        return Math.max(0, clock.seconds(frame - 0.5));
    }

    private static TokenRun part(TokenRun run, int from, int to) {
        return new TokenRun(
                Arrays.copyOfRange(run.ids(), from, to),
                Arrays.copyOfRange(run.from(), from, to),
                Arrays.copyOfRange(run.to(), from, to));
    }

    /** Tokens of one way to understand the whole sound. */
    record Understood(int[] ids, double score) {}

    /** What was heard. @param tokens of the best */
    record Heard(List<HeardToken> tokens, List<Understood> alternatives) {}

    /** The sound is over. @param most alternatives, the best included */
    Heard finish(int most) {
        var hypotheses = search.finish(most);
        var alternatives = hypotheses.stream().map(this::understood).toList();
        open = open.then(hypotheses.getFirst().tokens());
        alignStretches();
        align(open.length(), frames);
        return new Heard(List.copyOf(aligned), alternatives);
    }

    private Understood understood(Hypothesis hypothesis) {
        return new Understood(joined(open.then(hypothesis.tokens()).ids()), hypothesis.score());
    }
}
