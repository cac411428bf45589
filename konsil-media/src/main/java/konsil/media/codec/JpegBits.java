package konsil.media.codec;

/** The bits of an entropy-coded segment (ITU-T T.81 section F.2.2.5), up to the next marker. */
final class JpegBits {
    private final Codestream stream;
    private final byte[] bytes;
    private int at;
    private long buffer;
    private int count;
    private int padding;

    JpegBits(Codestream stream, int from) {
        this.stream = stream;
        this.bytes = stream.bytes();
        this.at = from;
    }

    private void fill() {
        while (count <= 48) {
            int next = 0;
            if (at < bytes.length && (bytes[at] != (byte) 0xFF || at + 1 < bytes.length && bytes[at + 1] == 0)) {
                next = bytes[at] & 0xFF;
                at += next == 0xFF ? 2 : 1;
            } else {
                padding += 8;
            }
            buffer = buffer << 8 | next;
            count += 8;
        }
    }

    /** The next 16 bits, which stay. */
    int peek16() {
        if (count < 16) {
            fill();
        }
        return (int) (buffer >>> (count - 16)) & 0xFFFF;
    }

    void skip(int n) {
        count -= n;
    }

    /** @param n 0 to 16 */
    int bits(int n) {
        if (count < n) {
            fill();
        }
        count -= n;
        return (int) (buffer >>> count) & (1 << n) - 1;
    }

    int bit() {
        return bits(1);
    }

    /** A value of n bits with its sign: RECEIVE and EXTEND. */
    int signed(int n) {
        if (n == 0) {
            return 0;
        }
        int value = bits(n);
        return value < 1 << (n - 1) ? value - (1 << n) + 1 : value;
    }

    /** @throws konsil.media.BadMediaException when more bits were asked for than there are */
    void requireEnough() {
        if (padding > count) {
            throw stream.cutOff();
        }
    }

    /** Goes behind the restart marker that has to come now. */
    void restart() {
        requireEnough();
        int marker = nextMarker();
        if (marker < 0xD0 || marker > 0xD7) {
            throw stream.bad("a restart marker of the JPEG is missing");
        }
        at += 2;
        buffer = 0;
        count = 0;
        padding = 0;
    }

    /** Goes to the next marker. @return its number */
    private int nextMarker() {
        while (stream.u8(at) != 0xFF || stream.u8(at + 1) == 0 || stream.u8(at + 1) == 0xFF) {
            at++;
        }
        return stream.u8(at + 1);
    }

    /** The place of the marker that ends the scan. */
    int end() {
        while (at + 1 < bytes.length) {
            int next = bytes[at + 1] & 0xFF;
            if (bytes[at] == (byte) 0xFF && next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) {
                return at;
            }
            at++;
        }
        return bytes.length;
    }
}
