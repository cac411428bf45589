package konsil.media.codec;

import java.util.Arrays;

/** A code block: where it lies in its band, and the pieces of its code as packets bring them. */
final class J2kBlock {
    final int x0;
    final int y0;
    final int width;
    final int height;
    int zeroPlanes;
    int lengthBits = 3;
    boolean included;

    /** Places and lengths of pieces, one after the other. */
    int[] pieces = new int[4];

    int pieceCount;

    /** Passes and bytes of segments, one after the other. */
    int[] segments = new int[2];

    int segmentCount;

    J2kBlock(int x0, int y0, int x1, int y1) {
        this.x0 = x0;
        this.y0 = y0;
        this.width = x1 - x0;
        this.height = y1 - y0;
    }

    int passes() {
        int total = 0;
        for (int i = 0; i < segmentCount; i++) {
            total += segments[2 * i];
        }
        return total;
    }

    /** How many passes the segment with this number may have (table D.9). */
    static int mostPasses(J2kCoding coding, int segment) {
        if (coding.has(J2kCoding.TERMINATE)) {
            return 1;
        }
        if (coding.has(J2kCoding.BYPASS)) {
            return segment == 0 ? 10 : segment % 2 == 1 ? 2 : 1;
        }
        return 1 << 16;
    }

    void addSegment() {
        if (segments.length < 2 * segmentCount + 2) {
            segments = Arrays.copyOf(segments, 2 * segments.length);
        }
        segmentCount++;
    }

    void addPiece(int at, int length) {
        if (pieces.length < 2 * pieceCount + 2) {
            pieces = Arrays.copyOf(pieces, 2 * pieces.length);
        }
        pieces[2 * pieceCount] = at;
        pieces[2 * pieceCount++ + 1] = length;
    }
}
