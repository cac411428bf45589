package konsil.media;

/**
 * The header of a JPEG's picture (ITU-T T.81, B.2.2).
 *
 * @param kind the marker, 0xC0 for baseline
 * @param bits of a sample
 * @param components samples of a pixel
 * @param at where the number of components stands, before their names and sampling factors
 */
record JpegFrame(int kind, int bits, int width, int height, int components, int at) {
    private static final int FIRST = 0xC0;
    private static final int LAST = 0xCF;
    private static final int PROGRESSIVE = 0xC2;
    private static final int MOST_SEGMENTS = 64;

    /** Whether a marker begins such a header: all from 0xC0 to 0xCF but those of tables. */
    static boolean begins(int marker) {
        return marker >= FIRST && marker <= LAST && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    /** @param from behind the marker and the length */
    static JpegFrame read(ImageBytes file, int marker, int from) {
        return new JpegFrame(
                marker, file.u8(from), file.u16Big(from + 3), file.u16Big(from + 1), file.u8(from + 5), from + 5);
    }

    /**
     * The header of a JPEG inside another file. Nothing may stand between its segments, and only a few segments before
     * the header: a file can name very many places, and each is looked at.
     *
     * @throws BadMediaException when there is no header
     */
    static JpegFrame find(ImageBytes file, long start) {
        file.require(start, 2, "a JPEG inside");
        int at = (int) start + 2;
        for (int segments = 0; segments < MOST_SEGMENTS && file.u8(at) == 0xFF; segments++) {
            int kind = file.u8(at + 1);
            if (begins(kind)) {
                return read(file, kind, at + 4);
            }
            at += 2 + file.u16Big(at + 2);
        }
        throw file.bad("a JPEG inside has no picture where its file says");
    }

    /** Whether a marker has no length behind it: TEM, RST0 to RST7, SOI, EOI. */
    static boolean isAlone(int marker) {
        return marker == 0x01 || marker >= 0xD0 && marker <= 0xD9;
    }

    /** The place of the next marker's number: behind a byte 0xFF, or several, and not 0. */
    static int marker(ImageBytes file, int from) {
        int at = from;
        while (file.u8(at) != 0xFF || file.u8(at + 1) == 0xFF || file.u8(at + 1) == 0) {
            at++;
        }
        return at + 1;
    }

    /** Whether it is baseline, extended or progressive, with Huffman codes and eight bits. */
    boolean isRead() {
        return kind <= PROGRESSIVE && bits == 8;
    }
}
