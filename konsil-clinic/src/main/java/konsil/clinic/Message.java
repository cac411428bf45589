package konsil.clinic;

import java.util.ArrayList;
import java.util.List;
import konsil.text.Piece;
import konsil.text.Turn;

/**
 * What one side says in a conversation.
 *
 * @param role one of {@link Turn}'s
 * @param contents words and pictures in the order in which they are said
 */
public record Message(String role, List<Content> contents) {
    /** A part of a message. */
    public sealed interface Content {
        /** Words, as written. */
        record Words(String text) implements Content {}

        /** A picture at its place among the words. */
        record Shown(Picture picture) implements Content {}
    }

    public Message {
        contents = List.copyOf(contents);
    }

    /** Words alone. */
    public static Message of(String role, String text) {
        return new Message(role, List.of(new Content.Words(text)));
    }

    /** Pictures in order. */
    public List<Picture> pictures() {
        var pictures = new ArrayList<Picture>();
        for (var content : contents) {
            if (content instanceof Content.Shown(var picture)) {
                pictures.add(picture);
            }
        }
        return pictures;
    }

    Turn turn() {
        return new Turn(
                role,
                contents.stream()
                        .<Piece>map(content -> switch (content) {
                            case Content.Words(var text) -> new Piece.Text(text);
                            case Content.Shown _ -> new Piece.Image();
                        })
                        .toList());
    }
}
