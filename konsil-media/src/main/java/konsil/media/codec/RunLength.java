package konsil.media.codec;

/** DICOM's run lengths (PS3.5 annex G): one segment for each byte of a pixel, the highest byte of a sample first. */
public final class RunLength {
    private static final int HEADER = 64;
    private static final int MAX_SEGMENTS = 15;

    private RunLength() {}

    /**
     * @param pixels bytes of each segment when unpacked
     * @param planes bytes of a pixel over all samples
     * @return pixels in little endian, samples of one pixel after the other
     * @throws konsil.media.BadMediaException when segments are missing or short
     */
    public static byte[] decode(Codestream stream, int pixels, int planes) {
        if (stream.bytes().length < HEADER) {
            throw stream.cutOff();
        }
        int segments = little(stream, 0);
        if (segments != planes || segments > MAX_SEGMENTS) {
            throw stream.bad("has %d RLE segments, want %d".formatted(segments, planes));
        }
        int sampleBytes = planes % stream.components() == 0 ? planes / stream.components() : 1;
        byte[] out = new byte[Math.multiplyExact(pixels, planes)];
        for (int segment = 0; segment < segments; segment++) {
            int from = little(stream, 4 + 4 * segment);
            int to = segment + 1 < segments ? little(stream, 8 + 4 * segment) : stream.bytes().length;
            if (from < HEADER || to < from || to > stream.bytes().length) {
                throw stream.bad("an RLE segment lies outside its frame");
            }
            int sample = segment / sampleBytes;
            int first = sample * sampleBytes + sampleBytes - 1 - segment % sampleBytes;
            unpack(stream, new int[] {from, to}, out, first, planes);
        }
        return out;
    }

    private static int little(Codestream stream, int at) {
        return stream.u8(at) | stream.u8(at + 1) << 8 | stream.u8(at + 2) << 16 | stream.u8(at + 3) << 24;
    }

    private static void unpack(Codestream stream, int[] range, byte[] out, int first, int step) {
        byte[] in = stream.bytes();
        int at = range[0];
        int to = first;
        while (to < out.length) {
            if (at >= range[1]) {
                throw stream.cutOff();
            }
            int control = in[at++];
            if (control >= 0) {
                int count = Math.min(control + 1, (out.length - to + step - 1) / step);
                if (count > range[1] - at) {
                    throw stream.cutOff();
                }
                for (int i = 0; i < count; i++, to += step) {
                    out[to] = in[at + i];
                }
                at += control + 1;
            } else if (control != -128) {
                if (at >= range[1]) {
                    throw stream.cutOff();
                }
                byte value = in[at++];
                for (int i = control; i <= 0 && to < out.length; i++, to += step) {
                    out[to] = value;
                }
            }
        }
    }
}
