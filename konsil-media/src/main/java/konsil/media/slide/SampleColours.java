package konsil.media.slide;

/** Stored 8-bit samples to red, green and blue. */
final class SampleColours {
    private SampleColours() {}

    /** Undoes the horizontal differences of TIFF 6.0, section 14, in place. */
    static void addUp(byte[] stored, int stride, int samples) {
        for (int line = 0; line + stride <= stored.length; line += stride) {
            for (int i = line + samples; i < line + stride; i++) {
                stored[i] += stored[i - samples];
            }
        }
    }

    /** Grey to three equal colours, or colours without what stands behind them. */
    static byte[] rgb(byte[] stored, int samples, int pixels, boolean inverted) {
        if (samples == 3) {
            return stored;
        }
        byte[] out = new byte[3 * pixels];
        for (int i = 0; i < pixels; i++) {
            for (int colour = 0; colour < 3; colour++) {
                byte sample = stored[samples * i + (samples < 3 ? 0 : colour)];
                out[3 * i + colour] = inverted ? (byte) ~sample : sample;
            }
        }
        return out;
    }

    /** Y, Cb, Cr of full range (ITU-R BT.601, as JFIF) to red, green, blue. */
    static byte[] rgbOfYcc(byte[] stored) {
        byte[] out = new byte[stored.length];
        for (int i = 0; i + 2 < stored.length; i += 3) {
            int y = stored[i] & 0xFF;
            int cb = (stored[i + 1] & 0xFF) - 128;
            int cr = (stored[i + 2] & 0xFF) - 128;
            out[i] = level(y + 1.402 * cr);
            out[i + 1] = level(y - 0.344136 * cb - 0.714136 * cr);
            out[i + 2] = level(y + 1.772 * cb);
        }
        return out;
    }

    private static byte level(double value) {
        return (byte) Math.clamp(Math.round(value), 0, 255);
    }
}
