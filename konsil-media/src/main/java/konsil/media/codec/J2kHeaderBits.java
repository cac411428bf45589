package konsil.media.codec;

/** Bits of packet headers: a byte behind 0xFF has seven (ITU-T T.800 section B.10.1). */
final class J2kHeaderBits {
    private final Codestream stream;
    private final byte[] bytes;
    private int at;
    private int current;
    private int left;

    J2kHeaderBits(Codestream stream, byte[] bytes, int from) {
        this.stream = stream;
        this.bytes = bytes;
        this.at = from;
    }

    int bit() {
        if (left == 0) {
            if (at >= bytes.length) {
                throw stream.cutOff();
            }
            left = current == 0xFF ? 7 : 8;
            current = bytes[at++] & 0xFF;
        }
        left--;
        return current >> left & 1;
    }

    int bits(int n) {
        int value = 0;
        for (int i = 0; i < n; i++) {
            value = value << 1 | bit();
        }
        return value;
    }

    /** The place behind the header. */
    int end() {
        return current == 0xFF ? at + 1 : at;
    }
}
