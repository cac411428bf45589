package konsil.text;

import java.util.List;

/**
 * What one side of a conversation says at one time.
 *
 * @param role who speaks: {@link #USER}, {@link #ASSISTANT}, {@link #SYSTEM}; the template decides what else it takes
 * @param pieces text and images in the order in which they are said
 */
public record Turn(String role, List<Piece> pieces) {
    public static final String SYSTEM = "system";
    public static final String USER = "user";
    public static final String ASSISTANT = "assistant";

    public Turn {
        pieces = List.copyOf(pieces);
    }

    /** A turn of text alone. */
    public static Turn of(String role, String words) {
        return new Turn(role, List.of(new Piece.Text(words)));
    }
}
