package konsil.media.codec;

/**
 * How a component is coded (ITU-T T.800 sections A.6.1 and A.6.2).
 *
 * @param levels of the wavelet
 * @param blockWidth exponent of the width of code blocks, with blockHeight
 * @param style of code blocks: bypass 1, reset 2, terminate 4, causal 8, predictable 16, segment symbols 32, HT 64
 * @param reversible 5/3 in whole numbers, else 9/7
 * @param precincts exponents for each resolution: width in the lower four bits, height above
 */
record J2kCoding(int levels, int blockWidth, int blockHeight, int style, boolean reversible, int[] precincts) {
    static final int BYPASS = 1;
    static final int RESET = 2;
    static final int TERMINATE = 4;
    static final int CAUSAL = 8;
    static final int SYMBOLS = 32;
    static final int HIGH_THROUGHPUT = 64;

    /** @param ownPrecincts whether sizes of precincts follow */
    static J2kCoding read(Codestream stream, int at, boolean ownPrecincts) {
        int levels = stream.u8(at);
        int width = stream.u8(at + 1) + 2;
        int height = stream.u8(at + 2) + 2;
        if (levels > 32 || width > 10 || height > 10 || width + height > 12 || stream.u8(at + 4) > 1) {
            throw stream.bad("the JPEG 2000 picture has impossible coding parameters");
        }
        int[] precincts = new int[levels + 1];
        for (int r = 0; r <= levels; r++) {
            precincts[r] = ownPrecincts ? stream.u8(at + 5 + r) : 0xFF;
            boolean empty = r > 0 && ((precincts[r] & 15) == 0 || precincts[r] >> 4 == 0);
            if (empty) {
                throw stream.bad("the JPEG 2000 picture has precincts without a size");
            }
        }
        return new J2kCoding(levels, width, height, stream.u8(at + 3), stream.u8(at + 4) == 1, precincts);
    }

    boolean has(int flag) {
        return (style & flag) != 0;
    }

    int precinctWidth(int resolution) {
        return precincts[resolution] & 15;
    }

    int precinctHeight(int resolution) {
        return precincts[resolution] >> 4;
    }
}
