package konsil.medasr.decoding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import konsil.medasr.Emissions;

/**
 * The beam search of pyctcdecode (kensho-technologies/pyctcdecode decoder.py, decode_beams) for pieces as MedASR's
 * notebook hands them over: every piece is a word of its own and the language model is asked for a word when the next
 * one starts. Its oddities are kept:
 *
 * <ul>
 *   <li>a word that is still open costs 10, and a sixth of that for each character when it has more than six;
 *   <li>{@code </s>} and {@code <s>} do not start a word, they are glued to the one before, which the model then does
 *       not know; but right behind an unknown token, of whichever hypothesis, they do start one;
 *   <li>a text that some hypothesis went on from is not charged for the end of the sentence.
 * </ul>
 *
 * Tokens are tried in ascending order, there in that of a Python set: only exact ties can come out otherwise.
 */
final class CompatibleSearch implements Search {
    private static final double CLIP = Math.log(1e-15);
    private static final double OPEN_WORD = -10;
    private static final int USUAL_LENGTH = 6;
    private static final int NO_TOKEN = -1;

    private final Fusion fusion;
    private final BeamSettings settings;
    private final boolean pruneHistory;
    private List<Beam> beams;
    private boolean wordBreakPending;
    private int frames;

    CompatibleSearch(Fusion fusion, BeamSettings settings, boolean pruneHistory) {
        this.fusion = fusion;
        this.settings = settings;
        this.pruneHistory = pruneHistory;
        beams = List.of(new Beam(SpokenText.start(fusion), Optional.empty(), OpenWord.NONE, NO_TOKEN, 0, 0));
    }

    /** @param text all but the open word @param last the last token, blank included, less than 0 at first */
    private record Beam(
            SpokenText text, Optional<WordFrames> heard, OpenWord open, int last, double ctc, double score) {
        Beam with(double newCtc, double newScore) {
            return new Beam(text, heard, open, last, newCtc, newScore);
        }

        /** The open word goes on. */
        Beam open(OpenWord word, int token, double newCtc) {
            return new Beam(text, heard, word, token, newCtc, 0);
        }

        /** The open word is whole and another one begins. */
        Beam next(OpenWord word, int token, double newCtc) {
            var closed = open.word().isEmpty() ? heard : Optional.of(new WordFrames(heard, open.from(), open.to()));
            return new Beam(text.then(open), closed, word, token, newCtc, 0);
        }

        TokenRun run() {
            return WordFrames.run(heard, text.tokens());
        }
    }

    private record Key(SpokenText text, String word, int last) {}

    @Override
    public void push(Emissions block) {
        PrefixSearch.requireTokens(block, fusion.pieces().size());
        for (int frame = 0; frame < block.frames(); frame++, frames++) {
            var kept = best(merged(extended(block, frame)), false);
            beams = pruneHistory ? withoutSameHistory(kept) : kept;
        }
    }

    private List<Beam> extended(Emissions block, int frame) {
        var extended = new ArrayList<Beam>();
        int top = block.best(frame);
        for (int token = 0; token < block.tokens(); token++) {
            double p = Math.clamp(block.at(frame, token), CLIP, 0);
            if (token == top || p >= settings.tokenMinimum()) {
                for (var beam : beams) {
                    extended.add(extend(beam, token, beam.ctc + p));
                }
            }
        }
        return extended;
    }

    private Beam extend(Beam beam, int token, double ctc) {
        if (token == Pieces.BLANK) {
            return beam.open(beam.open, token, ctc);
        }
        if (token == beam.last) {
            return beam.open(beam.open.heardUntil(frames + 1), token, ctc);
        }
        if (!isMarker(token) || wordBreakPending) {
            wordBreakPending = token == Pieces.UNKNOWN;
            var open = new OpenWord(List.of(token), word(token), frames, frames + 1);
            return beam.next(open, token, ctc);
        }
        return beam.open(beam.open.and(token, word(token), frames), token, ctc);
    }

    private boolean isMarker(int token) {
        String text = fusion.pieces().texts().get(token);
        return token != Pieces.UNKNOWN && (text.startsWith("<") || text.endsWith(">"));
    }

    private String word(int token) {
        if (token == Pieces.UNKNOWN) {
            return "\u2047";
        }
        String text = fusion.pieces().texts().get(token);
        return isMarker(token) ? text : text.replace(Pieces.SPACE, '#');
    }

    /** Equal texts, open words and last tokens become one, with the frames of the first. */
    private static List<Beam> merged(List<Beam> beams) {
        Map<Key, Beam> merged = new LinkedHashMap<>();
        for (var beam : beams) {
            merged.merge(
                    new Key(beam.text, beam.open.word(), beam.last),
                    beam,
                    (first, second) -> first.with(LogSum.of(first.ctc, second.ctc), 0));
        }
        return List.copyOf(merged.values());
    }

    private List<Beam> best(List<Beam> merged, boolean isEnd) {
        var scored = new ArrayList<Beam>();
        double best = LogSum.NOTHING;
        for (var beam : merged) {
            double score = beam.ctc + beam.text.score(isEnd) + openCost(beam.open.word());
            scored.add(beam.with(beam.ctc, score));
            best = Math.max(best, score);
        }
        double least = best + settings.beamMargin();
        return scored.stream()
                .filter(beam -> beam.score >= least)
                .sorted(Comparator.comparingDouble(Beam::score).reversed())
                .limit(settings.width())
                .toList();
    }

    private double openCost(String word) {
        int length = word.codePointCount(0, word.length());
        if (fusion.model().isEmpty() || length == 0) {
            return 0;
        }
        return length > USUAL_LENGTH ? OPEN_WORD * length / USUAL_LENGTH : OPEN_WORD;
    }

    private List<Beam> withoutSameHistory(List<Beam> kept) {
        int words = Math.max(1, fusion.model().map(m -> m.order() - 1).orElse(0));
        var seen = new HashSet<List<Object>>();
        return kept.stream()
                .filter(beam -> seen.add(List.of(beam.text.lastWords(words), beam.open.word(), beam.last)))
                .toList();
    }

    @Override
    public Partial partial() {
        return new Partial(
                TokenRun.EMPTY,
                beams.getFirst().next(OpenWord.NONE, NO_TOKEN, 0).run());
    }

    /** As in the reference all is decided at the end. */
    @Override
    public void settle(int before) {}

    /** Nothing is stable before the end. */
    @Override
    public TokenRun take() {
        return TokenRun.EMPTY;
    }

    @Override
    public List<Hypothesis> finish(int most) {
        var ended = new ArrayList<Beam>();
        for (var beam : beams) {
            ended.add(beam.next(OpenWord.NONE, NO_TOKEN, beam.ctc));
        }
        return best(merged(ended), true).stream()
                .limit(most)
                .map(beam -> new Hypothesis(beam.run(), beam.score, beam.ctc, beam.score - beam.ctc, 0))
                .toList();
    }
}
