package konsil.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns of a conversation as the text that Gemma 3 was trained on; the same, to the character, as the Jinja template
 * that its checkpoints carry, also where that is odd: text is trimmed on both sides and joined without a space, a
 * system text is the beginning of the first user turn, and one without a user turn is lost.
 */
public final class ChatTemplate {
    /** How an image is written until its tokens take the place. */
    public static final String START_OF_IMAGE = "<start_of_image>";

    private static final String BEGIN = "<bos>";
    private static final String START_OF_TURN = "<start_of_turn>";
    private static final String END_OF_TURN = "<end_of_turn>\n";
    private static final String MODEL = "model";

    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder text = new StringBuilder(BEGIN);

    private ChatTemplate() {}

    /**
     * A conversation, and the beginning of the turn that the model is to write.
     *
     * @return text and images in order, no two texts next to each other; begins with the one {@code <bos>}
     * @throws BadConversationException if there is no turn, or after an optional system turn users do not speak first
     *     and at every second turn, or the system turn does not begin with text
     */
    public static List<Piece> prompt(List<Turn> turns) {
        return rendered(turns, START_OF_TURN + MODEL + "\n");
    }

    /** A conversation as it is, for training. Otherwise as {@link #prompt}. */
    public static List<Piece> transcript(List<Turn> turns) {
        return rendered(turns, "");
    }

    /** Pieces as one text, images as {@link #START_OF_IMAGE}. */
    public static String text(List<Piece> pieces) {
        var text = new StringBuilder();
        for (var piece : pieces) {
            text.append(
                    switch (piece) {
                        case Piece.Text(var words) -> words;
                        case Piece.Image _ -> START_OF_IMAGE;
                    });
        }
        return text.toString();
    }

    private static List<Piece> rendered(List<Turn> turns, String end) {
        var template = new ChatTemplate();
        template.add(turns);
        template.text.append(end);
        template.endText();
        return List.copyOf(template.pieces);
    }

    private void add(List<Turn> turns) {
        if (turns.isEmpty()) {
            throw new BadConversationException("a conversation: want at least one turn, got none");
        }
        boolean system = turns.getFirst().role().equals(Turn.SYSTEM);
        String prefix = system ? systemText(turns.getFirst()) + "\n\n" : "";
        var rest = system ? turns.subList(1, turns.size()) : turns;
        for (int i = 0; i < rest.size(); i++) {
            var turn = rest.get(i);
            boolean users = i % 2 == 0;
            if (turn.role().equals(Turn.USER) != users) {
                throw new BadConversationException(
                        "turn %d of a conversation: want %s; after an optional system turn, they alternate"
                                .formatted(i + (system ? 2 : 1), users ? "the user" : "the assistant"));
            }
            add(turn, i == 0 ? prefix : "");
        }
    }

    /** The first piece, whatever follows. */
    private static String systemText(Turn turn) {
        if (turn.pieces().isEmpty() || !(turn.pieces().getFirst() instanceof Piece.Text(var words))) {
            throw new BadConversationException("the system turn of a conversation: want text as its first piece");
        }
        return words;
    }

    private void add(Turn turn, String prefix) {
        String role = turn.role().equals(Turn.ASSISTANT) ? MODEL : turn.role();
        text.append(START_OF_TURN).append(role).append('\n').append(prefix);
        for (var piece : turn.pieces()) {
            switch (piece) {
                case Piece.Text(var words) -> text.append(trimmed(words));
                case Piece.Image image -> {
                    endText();
                    pieces.add(image);
                }
            }
        }
        text.append(END_OF_TURN);
    }

    private void endText() {
        if (!text.isEmpty()) {
            pieces.add(new Piece.Text(text.toString()));
            text.setLength(0);
        }
    }

    /** Without the white space at both ends, as Python's str.strip() has it. */
    static String trimmed(String words) {
        int from = 0;
        int to = words.length();
        while (from < to && isSpace(words.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(words.charAt(to - 1))) {
            to--;
        }
        return words.substring(from, to);
    }

    /**
     * What Python's str.isspace() holds for white space: the Unicode class, and those whose bidirectional class is B, S
     * or WS.
     */
    private static boolean isSpace(char c) {
        return switch (Character.getType(c)) {
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> c >= 0x09 && c <= 0x0D || c >= 0x1C && c <= 0x1F || c == 0x85;
        };
    }
}
