package konsil.media.codec;

/**
 * Step sizes of a component (ITU-T T.800 section A.6.4).
 *
 * @param style 0 none, 1 derived from the first, 2 one for each band
 * @param guard bits
 * @param steps exponent times 2048 plus mantissa, band by band
 */
record J2kQuantisation(int style, int guard, int[] steps) {
    static J2kQuantisation read(Codestream stream, int at, int end) {
        int first = stream.u8(at);
        int style = first & 31;
        int width = style == 0 ? 1 : 2;
        int count = (end - at - 1) / width;
        if (style > 2 || count < 1) {
            throw stream.bad("the JPEG 2000 picture has impossible step sizes");
        }
        int[] steps = new int[Math.min(count, 97)];
        for (int i = 0; i < steps.length; i++) {
            int value = width == 1 ? stream.u8(at + 1 + i) >> 3 << 11 : stream.u16(at + 1 + 2 * i);
            steps[i] = value;
        }
        return new J2kQuantisation(style, first >> 5, steps);
    }

    /** @param band 0 for the lowest, then three for each resolution; -1 comes back when the stream has none */
    int exponent(int band) {
        if (style == 1) {
            return Math.max(0, (steps[0] >> 11) - (band == 0 ? 0 : (band - 1) / 3));
        }
        return band < steps.length ? steps[band] >> 11 : -1;
    }

    int mantissa(int band) {
        return (style == 1 ? steps[0] : steps[band]) & 0x7FF;
    }
}
