package konsil.tensor.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes f32 as the types that Konsil's writers offer: F32, F16, BF16, Q8_0, Q4_0. */
final class F32Encoder {
    private static final int BLOCK = 32;

    private F32Encoder() {}

    /**
     * The bytes of these values, row-major, in memory that the collector frees.
     *
     * @throws IllegalArgumentException for any other type
     * @throws ArithmeticException when the values are not whole blocks
     */
    static MemorySegment encode(FileType type, float[] values) {
        var bytes = Arena.ofAuto().allocate(Math.max(1, type.bytes(values.length)), 64);
        switch (type) {
            case F32 -> MemorySegment.copy(values, 0, bytes, ByteCursor.FLOAT, 0, values.length);
            case F16 -> {
                for (int i = 0; i < values.length; i++) {
                    bytes.set(ByteCursor.SHORT, 2L * i, Float.floatToFloat16(values[i]));
                }
            }
            case BF16 -> {
                for (int i = 0; i < values.length; i++) {
                    bytes.set(ByteCursor.SHORT, 2L * i, brainHalf(values[i]));
                }
            }
            case Q8_0, Q4_0 -> blocks(type, values, bytes);
            default -> throw new IllegalArgumentException("want F32, F16, BF16, Q8_0 or Q4_0, got " + type);
        }
        return bytes.asSlice(0, type.bytes(values.length));
    }

    private static void blocks(FileType type, float[] values, MemorySegment bytes) {
        for (int block = 0; block < values.length / BLOCK; block++) {
            long at = (long) block * type.blockBytes();
            if (type == FileType.Q8_0) {
                eightBit(values, block * BLOCK, bytes, at);
            } else {
                fourBit(values, block * BLOCK, bytes, at);
            }
        }
    }

    /** Nearest, ties to even; NaN stays NaN. */
    private static short brainHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) (Float.isNaN(value) ? bits >>> 16 | 0x40 : (bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    /** d = largest magnitude / 127; values rounded half away from zero. */
    private static void eightBit(float[] values, int from, MemorySegment to, long at) {
        float largest = 0;
        for (int i = 0; i < BLOCK; i++) {
            largest = Math.max(largest, Math.abs(values[from + i]));
        }
        float d = largest / 127;
        float inverse = d == 0 ? 0 : 1 / d;
        to.set(ByteCursor.SHORT, at, Float.floatToFloat16(d));
        for (int i = 0; i < BLOCK; i++) {
            float scaled = values[from + i] * inverse;
            // in double, so that adding a half cannot itself round
            int rounded = (int) (Math.abs((double) scaled) + 0.5);
            to.set(ValueLayout.JAVA_BYTE, at + 2 + i, (byte) (scaled < 0 ? -rounded : rounded));
        }
    }

    /** d = the value of largest magnitude / -8, so that this value is -8 exactly. */
    private static void fourBit(float[] values, int from, MemorySegment to, long at) {
        float extreme = 0;
        for (int i = 0; i < BLOCK; i++) {
            if (Math.abs(values[from + i]) > Math.abs(extreme)) {
                extreme = values[from + i];
            }
        }
        float d = extreme / -8;
        float inverse = d == 0 ? 0 : 1 / d;
        to.set(ByteCursor.SHORT, at, Float.floatToFloat16(d));
        for (int i = 0; i < BLOCK / 2; i++) {
            int low = nibble(values[from + i], inverse);
            int high = nibble(values[from + i + BLOCK / 2], inverse);
            to.set(ValueLayout.JAVA_BYTE, at + 2 + i, (byte) (low | high << 4));
        }
    }

    private static int nibble(float value, float inverse) {
        return Math.clamp((int) (value * inverse + 8.5f), 0, 15);
    }
}
