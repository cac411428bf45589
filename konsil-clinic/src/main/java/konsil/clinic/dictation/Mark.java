package konsil.clinic.dictation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a spoken command stands for. */
enum Mark {
    PERIOD(".", Join.LEFT, true, "period", "full stop"),
    QUESTION("?", Join.LEFT, true, "question mark"),
    EXCLAMATION("!", Join.LEFT, true, "exclamation mark", "exclamation point"),
    COMMA(",", Join.LEFT, false, "comma"),
    COLON(":", Join.LEFT, false, "colon"),
    SEMICOLON(";", Join.LEFT, false, "semicolon"),
    OPEN_PARENTHESIS("(", Join.RIGHT, false, "open parenthesis", "open paren", "left parenthesis", "left paren"),
    CLOSE_PARENTHESIS(")", Join.LEFT, false, "close parenthesis", "close paren", "right parenthesis", "right paren"),
    OPEN_QUOTE("\"", Join.RIGHT, false, "open quote", "begin quote", "quote"),
    CLOSE_QUOTE("\"", Join.LEFT, false, "close quote", "end quote", "unquote"),
    HYPHEN("-", Join.BOTH, false, "hyphen"),
    SLASH("/", Join.BOTH, false, "slash", "forward slash"),
    APOSTROPHE("'", Join.BOTH, false, "apostrophe"),
    DASH("-", Join.NONE, false, "dash"),
    LINE("\n", Join.BOTH, true, "next line", "new line"),
    PARAGRAPH("\n\n", Join.BOTH, true, "new paragraph", "next paragraph"),
    SCRATCH("", Join.NONE, false, "scratch that");

    private enum Join {
        NONE,
        LEFT,
        RIGHT,
        BOTH
    }

    private static final Map<String, Mark> BY_LETTERS = byLetters();

    private final String text;
    private final Join join;
    private final boolean ends;

    @SuppressWarnings("ImmutableEnumChecker") // an immutable list
    private final List<String> names;

    Mark(String text, Join join, boolean ends, String... names) {
        this.text = text;
        this.join = join;
        this.ends = ends;
        this.names = List.of(names);
    }

    String text() {
        return text;
    }

    /** No space before it. */
    boolean joinsLeft() {
        return join == Join.LEFT || join == Join.BOTH;
    }

    /** No space after it. */
    boolean joinsRight() {
        return join == Join.RIGHT || join == Join.BOTH;
    }

    /** A sentence is over after it. */
    boolean ends() {
        return ends;
    }

    boolean breaks() {
        return this == LINE || this == PARAGRAPH;
    }

    /** @param letters a command's letters alone, lower case, without spaces */
    static Optional<Mark> named(String letters) {
        return Optional.ofNullable(BY_LETTERS.get(letters));
    }

    /**
     * The command whose beginning was lost.
     *
     * @param letters at least four letters, of which at most four may be missing in front
     * @return none if they fit no command, or several that differ
     */
    static Optional<Mark> endingIn(String letters) {
        if (letters.length() < 4) return Optional.empty();
        var fitting = BY_LETTERS.entrySet().stream()
                .filter(entry ->
                        entry.getKey().endsWith(letters) && entry.getKey().length() - letters.length() <= 4)
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
        return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
    }

    private static Map<String, Mark> byLetters() {
        Map<String, Mark> all = new HashMap<>();
        for (Mark mark : values()) {
            for (String name : mark.names) all.put(name.replace(" ", ""), mark);
        }
        return Map.copyOf(all);
    }
}
