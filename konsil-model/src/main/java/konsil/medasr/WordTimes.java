package konsil.medasr;

import java.util.ArrayList;
import java.util.List;
import konsil.medasr.CtcAlignment.Span;
import konsil.text.Tokenizer;

/** When each word was said, and how sure the network is of it. */
public final class WordTimes {
    private WordTimes() {}

    /**
     * A word: pieces from one with a space mark in front up to the next such.
     *
     * @param text without the mark
     * @param start half a frame before the middle of its first frame, in seconds; a frame's middle is that of the sound
     *     that it sees, 0.0725 + 0.04 i for frame i of MedASR
     * @param end half a frame after the middle of its last frame, in seconds
     * @param confidence 0 to 1: of each of its tokens the mean probability over the frames aligned with it, of these
     *     means the least. A word is as sure as its least sure piece, however many it has.
     */
    public record Word(String text, double start, double end, double confidence) {}

    /**
     * The words of a text and their times.
     *
     * @param emissions of the whole sound
     * @param ids the text's tokens; special ones are aligned but belong to no word
     * @throws konsil.tensor.BadInputException as {@link CtcAlignment#align}
     */
    public static List<Word> of(Emissions emissions, int[] ids, Tokenizer tokenizer, MedAsrConfig config) {
        var spans = CtcAlignment.align(emissions, ids, config.blank());
        return of(spans, emissions, tokenizer, config.clock());
    }

    /** As above, of tokens that are aligned already. */
    public static List<Word> of(List<Span> spans, Emissions emissions, Tokenizer tokenizer, FrameClock clock) {
        var words = new ArrayList<Word>();
        var open = new Open(emissions, clock);
        for (var span : spans) {
            if (tokenizer.special(span.token())) {
                open.close(words);
                continue;
            }
            String piece = tokenizer.token(span.token());
            if (piece.charAt(0) == Tokenizer.SPACE_MARK) {
                open.close(words);
            }
            open.add(span, piece);
        }
        open.close(words);
        return List.copyOf(words);
    }

    /** How sure the network is of one token: the mean of its probability in its frames. */
    public static double confidence(Emissions emissions, Span span) {
        double sum = 0;
        for (int frame = span.from(); frame < span.to(); frame++) {
            sum += Math.exp(emissions.at(frame, span.token()));
        }
        return sum / span.frames();
    }

    /** The word that is being put together. */
    private static final class Open {
        private final Emissions emissions;
        private final FrameClock clock;
        private final StringBuilder text = new StringBuilder();
        private int from;
        private int to;
        private double confidence;

        Open(Emissions emissions, FrameClock clock) {
            this.emissions = emissions;
            this.clock = clock;
            reset();
        }

        private void reset() {
            text.setLength(0);
            from = -1;
            confidence = 1;
        }

        /** A mark alone says nothing about when the word begins. */
        void add(Span span, String piece) {
            String said = piece.replace(Tokenizer.SPACE_MARK, ' ').strip();
            confidence = Math.min(confidence, WordTimes.confidence(emissions, span));
            if (!said.isEmpty()) {
                from = from < 0 ? span.from() : from;
                to = span.to();
                text.append(said);
            }
        }

        void close(List<Word> words) {
            if (!text.isEmpty()) {
                words.add(new Word(text.toString(), clock.seconds(from - 0.5), clock.seconds(to - 0.5), confidence));
            }
            reset();
        }
    }
}
