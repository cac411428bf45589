package konsil.clinic.dictation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes tokens as text: spaces, line breaks, capitals, headings on lines of their own. */
final class TextWriter {
    private final List<Token> tokens;
    private final boolean capitals;
    private final StringBuilder text = new StringBuilder();
    private final List<Span> spans = new ArrayList<>();
    private boolean capitalNext = true;
    private Optional<Mark> last = Optional.empty();
    private int breaks;
    private boolean afterHeading;

    /** @param capitals whether sentences begin with a capital letter */
    TextWriter(List<Token> tokens, boolean capitals) {
        this.tokens = tokens;
        this.capitals = capitals;
    }

    Formatted write(String raw) {
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            switch (token.kind()) {
                case SCRATCHED -> invisible(token, Span.Kind.SCRATCHED);
                case DROPPED -> invisible(token, Span.Kind.DROPPED);
                case COMMAND -> command(i);
                case HEADING -> heading(token);
                case PUNCTUATION -> punctuation(i);
                case WORD, REWRITTEN, UNKNOWN -> word(token);
            }
        }
        return new Formatted(text.toString(), raw, spans);
    }

    private void invisible(Token token, Span.Kind kind) {
        spans.add(new Span(kind, text.length(), text.length(), token.rawStart(), token.rawEnd()));
    }

    private void word(Token token) {
        Span.Kind kind =
                switch (token.kind()) {
                    case REWRITTEN -> Span.Kind.REWRITTEN;
                    case UNKNOWN -> Span.Kind.UNKNOWN;
                    default -> Span.Kind.KEPT;
                };
        String written = capitalNext && token.is(Token.Kind.WORD) ? capitalized(token.text()) : token.text();
        put(token, kind, written, spaceBefore(token));
        capitalNext = false;
        last = Optional.empty();
    }

    private boolean spaceBefore(Token token) {
        return last.map(mark -> !mark.joinsRight()).orElse(token.spaced());
    }

    /** Words with digits or capitals inside, such as pT3 or mRNA, are written as they are. */
    private String capitalized(String word) {
        if (!capitals || !word.chars().allMatch(c -> Character.isLowerCase(c) || c == '\'' || c == '-')) return word;
        int first = word.codePointAt(0);
        return Character.toString(Character.toTitleCase(first)) + word.substring(Character.charCount(first));
    }

    private void command(int i) {
        Token token = tokens.get(i);
        Mark mark = token.mark().orElseThrow();
        if (mark.breaks()) {
            breaks = Math.max(breaks, afterHeading ? 1 : mark.text().length());
            invisible(token, Span.Kind.COMMAND);
            capitalNext = true;
            last = Optional.empty();
            return;
        }
        if (afterHeading && mark == Mark.COLON || isRepeated(mark.text(), mark.joinsLeft())) {
            invisible(token, Span.Kind.COMMAND);
        } else {
            put(token, Span.Kind.COMMAND, mark.text(), !mark.joinsLeft() && spaceBefore(spaced(token)));
        }
        if (mark.ends()) capitalNext = true;
        last = Optional.of(mark);
    }

    private static Token spaced(Token token) {
        return Token.of(token.kind(), token.text(), token.rawStart(), token.rawEnd(), true);
    }

    private void punctuation(int i) {
        Token token = tokens.get(i);
        boolean closing = ".,;:?!)".contains(token.text());
        boolean afterCommand = last.isPresent();
        if (afterHeading && token.text().equals(":") || (afterCommand && isRepeated(token.text(), closing))) {
            invisible(token, Span.Kind.KEPT);
            return;
        }
        put(token, Span.Kind.KEPT, token.text(), !closing && spaceBefore(token));
        if (Sentences.endsAfter(tokens, i)) capitalNext = true;
        last = Optional.empty();
    }

    /** The same mark twice, said once as a command and written once, or said twice. */
    private boolean isRepeated(String mark, boolean closing) {
        boolean same = !mark.isEmpty() && !text.isEmpty() && text.charAt(text.length() - 1) == mark.charAt(0);
        return closing && same && breaks == 0 && !mark.equals(")");
    }

    private void heading(Token token) {
        breaks = 2;
        put(token, Span.Kind.HEADING, token.text() + ":", false);
        breaks = 1;
        afterHeading = true;
        capitalNext = true;
        last = Optional.empty();
    }

    private void put(Token token, Span.Kind kind, String written, boolean space) {
        if (!text.isEmpty()) {
            if (breaks > 0) text.append("\n".repeat(breaks));
            else if (space) text.append(' ');
        }
        breaks = 0;
        afterHeading = false;
        int start = text.length();
        text.append(written);
        spans.add(new Span(kind, start, text.length(), token.rawStart(), token.rawEnd()));
    }
}
