package konsil.media.audio;

import java.io.EOFException;
import java.io.IOException;

/** The bits of a FLAC frame, highest first, with the two checksums of RFC 9639, 9.1.8 and 9.3. */
final class FlacBits {
    private static final int[] CRC_16 = new int[256];
    private static final int[] CRC_8 = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int long16 = i << 8;
            int short8 = i;
            for (int bit = 0; bit < 8; bit++) {
                long16 = long16 << 1 ^ ((long16 & 0x8000) != 0 ? 0x8005 : 0);
                short8 = short8 << 1 ^ ((short8 & 0x80) != 0 ? 0x07 : 0);
            }
            CRC_16[i] = long16 & 0xFFFF;
            CRC_8[i] = short8 & 0xFF;
        }
    }

    private final AudioBytes in;
    private long held;
    private int count;
    private int crc16;
    private int crc8;

    FlacBits(AudioBytes in) {
        this.in = in;
    }

    /** Starts a frame: checksums from zero. */
    void restart() {
        held = 0;
        count = 0;
        crc16 = 0;
        crc8 = 0;
    }

    /** Over all bytes since the start that were touched. */
    int crc16() {
        return crc16;
    }

    int crc8() {
        return crc8;
    }

    /**
     * An unsigned number.
     *
     * @param bits 0 to 32
     * @throws EOFException where the file ends
     */
    long unsigned(int bits) throws IOException {
        while (count < bits) {
            more();
        }
        count -= bits;
        return held >>> count & (1L << bits) - 1;
    }

    /** A number in two's complement of 1 to 33 bits. */
    long signed(int bits) throws IOException {
        int low = Math.min(bits, 32);
        long high = unsigned(bits - low);
        long value = high << low | unsigned(low);
        return value << 64 - bits >> 64 - bits;
    }

    /** Counts zeros up to the next one. */
    int unary() throws IOException {
        int zeros = 0;
        while (true) {
            if (count == 0) {
                more();
            }
            long rest = held << 64 - count;
            if (rest != 0) {
                int run = Long.numberOfLeadingZeros(rest);
                count -= run + 1;
                return zeros + run;
            }
            zeros += count;
            count = 0;
            if (zeros > 1 << 28) {
                throw in.bad("a FLAC residual is too large");
            }
        }
    }

    /** Drops the bits up to the next whole byte. */
    void align() {
        count -= count % 8;
    }

    private void more() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException();
        }
        crc16 = crc16 << 8 & 0xFFFF ^ CRC_16[crc16 >> 8 ^ next];
        crc8 = CRC_8[crc8 ^ next];
        held = held << 8 | next;
        count += 8;
    }
}
