package konsil.media.codec;

/** The bits of a JPEG-LS scan: a byte behind 0xFF has seven of them (ITU-T T.87 section A.1). */
final class JpegLsBits {
    private final Codestream stream;
    private final byte[] bytes;
    private int at;
    private boolean afterFf;
    private long buffer;
    private int count;
    private int padding;

    JpegLsBits(Codestream stream, int from) {
        this.stream = stream;
        this.bytes = stream.bytes();
        this.at = from;
    }

    /** The buffer is filled from its highest bit on. */
    private void fill() {
        while (count <= 56) {
            long next = 0;
            int width = afterFf ? 7 : 8;
            boolean marker = at >= bytes.length
                    || afterFf && bytes[at] < 0
                    || bytes[at] == (byte) 0xFF && (at + 1 >= bytes.length || bytes[at + 1] < 0);
            if (marker) {
                padding += width;
            } else {
                next = bytes[at++] & 0xFF;
                afterFf = next == 0xFF;
            }
            buffer |= next << (64 - count - width);
            count += width;
        }
    }

    boolean bit() {
        if (count == 0) {
            fill();
        }
        boolean one = buffer < 0;
        buffer <<= 1;
        count--;
        return one;
    }

    /** @param n 0 to 31 */
    int bits(int n) {
        if (n == 0) {
            return 0;
        }
        if (count < n) {
            fill();
        }
        int value = (int) (buffer >>> (64 - n));
        buffer <<= n;
        count -= n;
        return value;
    }

    /** Zeros before the next one, which is passed too; at most {@code most} + 1. */
    int zeros(int most) {
        int total = 0;
        while (total <= most) {
            if (count < 32) {
                fill();
            }
            int zeros = Math.min(Long.numberOfLeadingZeros(buffer), count);
            total += zeros;
            if (zeros < count) {
                buffer = buffer << zeros << 1;
                count -= zeros + 1;
                return total;
            }
            buffer = 0;
            count = 0;
            requireEnough();
        }
        return total;
    }

    /** @throws konsil.media.BadMediaException when more bits were asked for than there are */
    void requireEnough() {
        if (padding > count + 7) {
            throw stream.cutOff();
        }
    }

    void restart() {
        requireEnough();
        at = end();
        if (stream.u8(at + 1) < 0xD0 || stream.u8(at + 1) > 0xD7) {
            throw stream.bad("a restart marker of the JPEG-LS stream is missing");
        }
        at += 2;
        afterFf = false;
        buffer = 0;
        count = 0;
        padding = 0;
    }

    /** The place of the next marker. */
    int end() {
        while (at + 1 < bytes.length && (bytes[at] != (byte) 0xFF || bytes[at + 1] >= 0)) {
            at++;
        }
        return Math.min(at, bytes.length);
    }
}
