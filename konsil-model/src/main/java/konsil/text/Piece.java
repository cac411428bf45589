package konsil.text;

/** A part of what somebody says: words, or the place of an image. */
public sealed interface Piece {
    /** Words, as written. */
    record Text(String words) implements Piece {}

    /** An image; which one is a matter of order. */
    record Image() implements Piece {}
}
