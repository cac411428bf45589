package konsil.clinic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import konsil.clinic.dictation.Formatted;
import konsil.clinic.dictation.Span;
import konsil.medasr.decoding.Terms;
import konsil.text.Specials;
import konsil.text.Tokenizer;

/**
 * The text of tokens as the reference decodes them, special ones such as the end of an utterance included, and terms of
 * the vocabulary as they are written.
 *
 * @param from where the text of each token begins
 * @param to where it ends; equal to from when it has none of its own
 */
record RawText(String text, int[] from, int[] to) {
    static RawText of(int[] ids, Tokenizer tokenizer, Terms terms) {
        var written = new HashMap<Integer, Terms.Replacement>();
        terms.replacements(ids).forEach(replacement -> written.put(replacement.from(), replacement));
        var text = new StringBuilder();
        var stream = tokenizer.stream(Specials.KEEP);
        int[] from = new int[ids.length];
        int[] to = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            from[i] = text.length();
            String piece = ids[i] < tokenizer.size() ? stream.accept(ids[i]) : "";
            var term = Optional.ofNullable(written.get(i));
            if (term.isEmpty()) {
                text.append(piece);
                to[i] = text.length();
                continue;
            }
            text.append(piece.startsWith(" ") ? " " : "").append(term.get().written());
            for (int end = term.get().to(); i < end - 1; i++) {
                to[i] = text.length();
                from[i + 1] = from[i];
                stream.accept(ids[i + 1]);
            }
            to[i] = text.length();
        }
        return new RawText(text.append(stream.finish()).toString(), from, to);
    }

    /** The words of this text, with the times of their tokens; special tokens are part of none. */
    List<Transcript.Word> words(List<HeardToken> tokens, Tokenizer tokenizer) {
        var words = new ArrayList<Transcript.Word>();
        for (var place : places(text)) {
            var bare = new StringBuilder(text.substring(place.from, place.to));
            for (int i = firstBehind(place.from); i < from.length && from[i] < place.to; i++) {
                if (tokenizer.special(tokens.get(i).id()) && from[i] >= place.from && to[i] <= place.to) {
                    int at = bare.indexOf(text.substring(from[i], to[i]));
                    bare.delete(Math.max(0, at), at < 0 ? 0 : at + to[i] - from[i]);
                }
            }
            if (!bare.isEmpty()) {
                timed(bare.toString(), place.from, place.to, tokens, tokenizer).ifPresent(words::add);
            }
        }
        return List.copyOf(words);
    }

    /** The words of formatted text, with the times of what they were made of. */
    List<Transcript.Word> words(Formatted formatted, List<HeardToken> tokens, Tokenizer tokenizer) {
        var words = new ArrayList<Transcript.Word>();
        int span = 0;
        var spans = formatted.spans();
        for (var place : places(formatted.text())) {
            while (span < spans.size() && spans.get(span).end() <= place.from) {
                span++;
            }
            int rawFrom = Integer.MAX_VALUE;
            int rawTo = 0;
            for (int i = span; i < spans.size() && spans.get(i).start() < place.to; i++) {
                if (spans.get(i).end() > place.from) {
                    rawFrom = Math.min(rawFrom, rawStart(spans.get(i), place));
                    rawTo = Math.max(rawTo, rawEnd(spans.get(i), place));
                }
            }
            String word = formatted.text().substring(place.from, place.to);
            if (rawFrom < rawTo) {
                timed(word, rawFrom, rawTo, tokens, tokenizer).ifPresent(words::add);
            }
        }
        return List.copyOf(words);
    }

    /** Within what was kept letter by letter, places correspond. */
    private static int rawStart(Span span, Place place) {
        return literal(span) ? span.rawStart() + Math.max(0, place.from - span.start()) : span.rawStart();
    }

    private static int rawEnd(Span span, Place place) {
        return literal(span) ? span.rawEnd() - Math.max(0, span.end() - place.to) : span.rawEnd();
    }

    private static boolean literal(Span span) {
        return span.kind() == Span.Kind.KEPT && span.end() - span.start() == span.rawEnd() - span.rawStart();
    }

    private Optional<Transcript.Word> timed(
            String word, int rawFrom, int rawTo, List<HeardToken> tokens, Tokenizer tokenizer) {
        double start = Double.POSITIVE_INFINITY;
        double end = 0;
        double confidence = 1;
        for (int i = firstBehind(rawFrom); i < from.length && from[i] < rawTo; i++) {
            var token = tokens.get(i);
            if (!tokenizer.special(token.id()) && sharesLetters(i, rawFrom, rawTo)) {
                start = Math.min(start, token.start());
                end = Math.max(end, token.end());
                confidence = Math.min(confidence, token.confidence());
            }
        }
        return start < end ? Optional.of(new Transcript.Word(word, start, end, confidence)) : Optional.empty();
    }

    private boolean sharesLetters(int token, int rawFrom, int rawTo) {
        int begin = Math.max(from[token], rawFrom);
        int stop = Math.min(to[token], rawTo);
        return begin < stop && !text.substring(begin, stop).isBlank();
    }

    /** The first token that ends behind a place. */
    private int firstBehind(int place) {
        int low = 0;
        int high = to.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (to[middle] > place) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private record Place(int from, int to) {}

    /** Where the words of a text are, as white space separates them. */
    private static List<Place> places(String text) {
        var places = new ArrayList<Place>();
        int begin = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean space = i == text.length() || Character.isWhitespace(text.charAt(i));
            if (space && begin >= 0) {
                places.add(new Place(begin, i));
                begin = -1;
            } else if (!space && begin < 0) {
                begin = i;
            }
        }
        return places;
    }
}
