package konsil.clinic.dictation;

import java.util.ArrayList;
import java.util.List;

/** Cuts raw dictation into tokens; every character but white space ends up in exactly one. */
final class DictationScanner {
    private static final List<String> UTTERANCE_MARKS = List.of("</s>", "<s>");
    private static final String OPENING = "(\"";
    private static final String CLOSING = ".,;:?!)\"";

    private final String raw;
    private final DictationSettings settings;
    private final Brackets brackets;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private boolean spaced;

    private DictationScanner(String raw, DictationSettings settings) {
        this.raw = raw;
        this.settings = settings;
        brackets = new Brackets(raw, settings.has(Rule.REPAIRS));
    }

    static List<Token> scan(String raw, DictationSettings settings) {
        var scanner = new DictationScanner(raw, settings);
        while (scanner.at < raw.length()) scanner.step();
        return scanner.tokens;
    }

    private void step() {
        char c = raw.charAt(at);
        if (Character.isWhitespace(c)) {
            space();
        } else if (!utteranceMark()) {
            boolean taken =
                    switch (c) {
                        case '{' -> settings.has(Rule.COMMANDS) && command();
                        case '}' -> settings.has(Rule.COMMANDS) && lostCommand();
                        case '[' -> settings.has(Rule.HEADINGS) && heading();
                        case ']' -> settings.has(Rule.HEADINGS) && lostHeading();
                        default -> false;
                    };
            if (!taken) words();
        }
    }

    /** Line ends that are in the raw text already stay. */
    private void space() {
        int start = at;
        int lines = 0;
        while (at < raw.length() && Character.isWhitespace(raw.charAt(at))) {
            if (raw.charAt(at) == '\n') lines++;
            at++;
        }
        spaced = true;
        if (lines > 0) add(Token.command(lines == 1 ? Mark.LINE : Mark.PARAGRAPH, start, at, true));
    }

    private boolean utteranceMark() {
        for (String mark : UTTERANCE_MARKS) {
            if (raw.startsWith(mark, at)) {
                tokens.add(Token.of(Token.Kind.DROPPED, "", at, at + mark.length(), spaced));
                at += mark.length();
                return true;
            }
        }
        return false;
    }

    private boolean command() {
        var command = brackets.command(at);
        if (command.isPresent()) {
            int end = command.get().end();
            add(Token.command(command.get().mark(), at, end, spaced));
            at = end;
            return true;
        }
        return unknown('}');
    }

    private boolean heading() {
        var heading = brackets.heading(at);
        if (heading.isPresent()) {
            int end = heading.get().end();
            add(Token.of(Token.Kind.HEADING, heading.get().words(), at, end, spaced));
            at = end;
            return true;
        }
        return unknown(']');
    }

    private boolean unknown(char close) {
        int end = brackets.closing(at, close);
        if (end < 0) return false;
        add(Token.of(Token.Kind.UNKNOWN, raw.substring(at, end), at, end, spaced));
        at = end;
        return true;
    }

    private boolean lostCommand() {
        var lost = brackets.commandBefore(tokens);
        if (lost.isEmpty()) return false;
        Token first = removeLast(lost.get().tokens());
        at++;
        while (at < raw.length() && raw.charAt(at) == '}') at++;
        add(Token.command(lost.get().mark(), first.rawStart(), at, first.spaced()));
        return true;
    }

    private boolean lostHeading() {
        int words = brackets.headingBefore(tokens);
        if (words == 0) return false;
        Token first = removeLast(words);
        String text = raw.substring(first.rawStart(), at).replaceAll("\\s+", " ");
        at++;
        add(Token.of(Token.Kind.HEADING, text, first.rawStart(), at, first.spaced()));
        return true;
    }

    private Token removeLast(int count) {
        Token first = tokens.getLast();
        for (int i = 0; i < count; i++) first = tokens.removeLast();
        return first;
    }

    /** A run without white space and brackets: opening marks, the word, closing marks. A stray bracket is a word. */
    private void words() {
        int end = at;
        while (end < raw.length() && !Character.isWhitespace(raw.charAt(end)) && !isBracket(end)) end++;
        if (end == at) end++;
        int wordEnd = end;
        while (at < end && OPENING.indexOf(raw.charAt(at)) >= 0) punctuation(at);
        while (wordEnd > at && CLOSING.indexOf(raw.charAt(wordEnd - 1)) >= 0) wordEnd--;
        if (wordEnd > at) {
            add(Token.of(Token.Kind.WORD, raw.substring(at, wordEnd), at, wordEnd, spaced));
            at = wordEnd;
        }
        while (at < end) punctuation(at);
    }

    private boolean isBracket(int i) {
        return "{}[]".indexOf(raw.charAt(i)) >= 0 || UTTERANCE_MARKS.stream().anyMatch(mark -> raw.startsWith(mark, i));
    }

    private void punctuation(int i) {
        add(Token.of(Token.Kind.PUNCTUATION, raw.substring(i, i + 1), i, i + 1, spaced));
        at = i + 1;
    }

    private void add(Token token) {
        tokens.add(token);
        spaced = false;
    }
}
