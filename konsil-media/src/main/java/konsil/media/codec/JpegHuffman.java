package konsil.media.codec;

/** A table of Huffman codes (ITU-T T.81 annex C): nine bits are looked up, longer codes compared. */
final class JpegHuffman {
    private static final int FAST = 9;
    private static final int LONGEST = 16;

    private final Codestream stream;
    private final short[] fast = new short[1 << FAST];
    private final int[] lastCode = new int[LONGEST + 1];
    private final int[] offset = new int[LONGEST + 1];
    private final byte[] symbols;

    /** @param at where the sixteen counts stand, then the symbols */
    JpegHuffman(Codestream stream, int at) {
        this.stream = stream;
        int total = 0;
        for (int length = 1; length <= LONGEST; length++) {
            total += stream.u8(at + length - 1);
        }
        symbols = new byte[total];
        int code = 0;
        int index = 0;
        for (int length = 1; length <= LONGEST; length++) {
            int codes = stream.u8(at + length - 1);
            offset[length] = index - code;
            if (code + codes > 1 << length) {
                throw stream.bad("a Huffman table of the JPEG is impossible");
            }
            for (int i = 0; i < codes; i++, code++, index++) {
                symbols[index] = (byte) stream.u8(at + LONGEST + index);
                note(length, code, symbols[index]);
            }
            lastCode[length] = codes == 0 ? -1 : code - 1;
            code <<= 1;
        }
    }

    private void note(int length, int code, byte symbol) {
        if (length > FAST) {
            return;
        }
        int first = code << (FAST - length);
        for (int i = 0; i < 1 << (FAST - length); i++) {
            fast[first + i] = (short) (length << 8 | symbol & 0xFF);
        }
    }

    int size() {
        return LONGEST + symbols.length;
    }

    int next(JpegBits bits) {
        int look = bits.peek16();
        int found = fast[look >>> (LONGEST - FAST)];
        if (found != 0) {
            bits.skip(found >>> 8);
            return found & 0xFF;
        }
        for (int length = FAST + 1; length <= LONGEST; length++) {
            int code = look >>> (LONGEST - length);
            if (code <= lastCode[length]) {
                bits.skip(length);
                return symbols[offset[length] + code] & 0xFF;
            }
        }
        bits.requireEnough();
        throw stream.bad("the JPEG has a code that its table does not have");
    }
}
