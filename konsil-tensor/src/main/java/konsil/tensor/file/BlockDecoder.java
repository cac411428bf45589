package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * GGUF's blocks of 32 elements. Each starts with an f16 scale d (and in the _1 types an f16 minimum m); then come, in
 * the 5-bit types, 32 fifth bits; then the values: byte j holds element j in its low and element j + 16 in its high
 * nibble, and in Q8_0 byte j is element j. Products and sums are rounded to f32 one by one.
 */
final class BlockDecoder {
    private static final ValueLayout.OfFloat TO = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int ELEMENTS = 32;

    private BlockDecoder() {}

    /** Decodes whole blocks of this type, 32 floats each. */
    static void decode(FileType type, MemorySegment from, MemorySegment to) {
        long blocks = from.byteSize() / type.blockBytes();
        for (long block = 0; block < blocks; block++) {
            long at = block * type.blockBytes();
            long out = block * ELEMENTS * 4;
            switch (type) {
                case Q4_0 -> fourBit(from, at, to, out);
                case Q4_1 -> fourBitMin(from, at, to, out);
                case Q5_0 -> fiveBit(from, at, to, out);
                case Q5_1 -> fiveBitMin(from, at, to, out);
                case Q8_0 -> eightBit(from, at, to, out);
                default -> throw new IllegalArgumentException("no block of 32: " + type);
            }
        }
    }

    private static void fourBit(MemorySegment from, long at, MemorySegment to, long out) {
        float d = half(from, at);
        for (int j = 0; j < 16; j++) {
            int pair = u8(from, at + 2 + j);
            to.set(TO, out + 4L * j, ((pair & 15) - 8) * d);
            to.set(TO, out + 4L * (j + 16), ((pair >> 4) - 8) * d);
        }
    }

    private static void fourBitMin(MemorySegment from, long at, MemorySegment to, long out) {
        float d = half(from, at);
        float m = half(from, at + 2);
        for (int j = 0; j < 16; j++) {
            int pair = u8(from, at + 4 + j);
            to.set(TO, out + 4L * j, (pair & 15) * d + m);
            to.set(TO, out + 4L * (j + 16), (pair >> 4) * d + m);
        }
    }

    private static void fiveBit(MemorySegment from, long at, MemorySegment to, long out) {
        float d = half(from, at);
        int fifth = from.get(ByteCursor.INT, at + 2);
        for (int j = 0; j < 16; j++) {
            int pair = u8(from, at + 6 + j);
            to.set(TO, out + 4L * j, (low(pair, fifth, j) - 16) * d);
            to.set(TO, out + 4L * (j + 16), (high(pair, fifth, j) - 16) * d);
        }
    }

    private static void fiveBitMin(MemorySegment from, long at, MemorySegment to, long out) {
        float d = half(from, at);
        float m = half(from, at + 2);
        int fifth = from.get(ByteCursor.INT, at + 4);
        for (int j = 0; j < 16; j++) {
            int pair = u8(from, at + 8 + j);
            to.set(TO, out + 4L * j, low(pair, fifth, j) * d + m);
            to.set(TO, out + 4L * (j + 16), high(pair, fifth, j) * d + m);
        }
    }

    private static void eightBit(MemorySegment from, long at, MemorySegment to, long out) {
        float d = half(from, at);
        for (int j = 0; j < ELEMENTS; j++) {
            to.set(TO, out + 4L * j, from.get(ValueLayout.JAVA_BYTE, at + 2 + j) * d);
        }
    }

    private static int low(int pair, int fifth, int j) {
        return (pair & 15) | bit(fifth, j) << 4;
    }

    private static int high(int pair, int fifth, int j) {
        return pair >> 4 | bit(fifth, j + 16) << 4;
    }

    private static int bit(int bits, int index) {
        return (bits >>> index) & 1;
    }

    static float half(MemorySegment from, long at) {
        return Float.float16ToFloat(from.get(ByteCursor.SHORT, at));
    }

    static int u8(MemorySegment from, long at) {
        return from.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }
}
