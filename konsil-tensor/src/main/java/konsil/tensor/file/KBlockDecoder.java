package konsil.tensor.file;

import static konsil.tensor.file.BlockDecoder.half;
import static konsil.tensor.file.BlockDecoder.u8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * GGUF's K types: blocks of 256 elements in runs of 16 or 32, each run with a small integer scale (and minimum) of its
 * own, multiplied by the block's f16 scale d (and dmin). An element e lies in the half e / 128; two-bit fields of four
 * runs of 32 share one run of 32 bytes, four-bit fields of two runs share one. Products and sums are rounded to f32 one
 * by one.
 */
final class KBlockDecoder {
    private static final ValueLayout.OfFloat TO = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int ELEMENTS = 256;

    private KBlockDecoder() {}

    /** Decodes whole blocks of this type, 256 floats each. */
    static void decode(FileType type, MemorySegment from, MemorySegment to) {
        long blocks = from.byteSize() / type.blockBytes();
        for (long block = 0; block < blocks; block++) {
            var source = from.asSlice(block * type.blockBytes(), type.blockBytes());
            var target = to.asSlice(block * ELEMENTS * 4, ELEMENTS * 4);
            switch (type) {
                case Q2_K -> twoBit(source, target);
                case Q3_K -> threeBit(source, target);
                case Q4_K -> fourBit(source, target);
                case Q5_K -> fiveBit(source, target);
                case Q6_K -> sixBit(source, target);
                default -> throw new IllegalArgumentException("no K type: " + type);
            }
        }
    }

    /** 16 bytes of scale (low nibble) and minimum (high), 64 of values, d, dmin. */
    private static void twoBit(MemorySegment from, MemorySegment to) {
        float d = half(from, 80);
        float dmin = half(from, 82);
        for (int e = 0; e < ELEMENTS; e++) {
            int run = u8(from, e / 16);
            int q = twoBits(from, 16, e);
            to.set(TO, 4L * e, d * (run & 15) * q - dmin * (run >> 4));
        }
    }

    /** 32 bytes of third bits (clear means minus 4), 64 of low bits, 12 of scales, d. */
    private static void threeBit(MemorySegment from, MemorySegment to) {
        float d = half(from, 108);
        for (int e = 0; e < ELEMENTS; e++) {
            int third = (u8(from, e % 32) >> (e / 32)) & 1;
            int q = twoBits(from, 32, e) - (third == 0 ? 4 : 0);
            to.set(TO, 4L * e, d * sixBitScale(from, e / 16) * q);
        }
    }

    /** Scale of run r: its low four bits lie in 8 bytes from 96, its high two in 4 bytes from 104; minus 32. */
    private static int sixBitScale(MemorySegment from, int r) {
        int low = (u8(from, 96 + r % 8) >> (r < 8 ? 0 : 4)) & 15;
        int high = (u8(from, 104 + r % 4) >> (2 * (r / 4))) & 3;
        return (low | high << 4) - 32;
    }

    /** d, dmin, 12 bytes of scales and minima, 128 of values. */
    private static void fourBit(MemorySegment from, MemorySegment to) {
        float d = half(from, 0);
        float dmin = half(from, 2);
        for (int run = 0; run < 8; run++) {
            float scale = d * scale(from, run);
            float min = dmin * minimum(from, run);
            for (int i = 0; i < 32; i++) {
                int q = (u8(from, 16 + run / 2 * 32 + i) >> (run % 2 * 4)) & 15;
                to.set(TO, 4L * (run * 32 + i), scale * q - min);
            }
        }
    }

    /** As {@link #fourBit}, with 32 bytes of fifth bits before the values: bit r of byte i belongs to run r. */
    private static void fiveBit(MemorySegment from, MemorySegment to) {
        float d = half(from, 0);
        float dmin = half(from, 2);
        for (int run = 0; run < 8; run++) {
            float scale = d * scale(from, run);
            float min = dmin * minimum(from, run);
            for (int i = 0; i < 32; i++) {
                int low = (u8(from, 48 + run / 2 * 32 + i) >> (run % 2 * 4)) & 15;
                int q = low | ((u8(from, 16 + i) >> run) & 1) << 4;
                to.set(TO, 4L * (run * 32 + i), scale * q - min);
            }
        }
    }

    /** Runs 0-3: low six bits of bytes 4-7. Runs 4-7: low nibble of bytes 12-15, and two bits from the top of 4-7. */
    private static int scale(MemorySegment from, int run) {
        return run < 4 ? u8(from, 4 + run) & 63 : (u8(from, 8 + run) & 15) | u8(from, run) >> 6 << 4;
    }

    /** Runs 0-3: low six bits of bytes 8-11. Runs 4-7: high nibble of bytes 12-15, two bits from the top of 8-11. */
    private static int minimum(MemorySegment from, int run) {
        return run < 4 ? u8(from, 8 + run) & 63 : u8(from, 8 + run) >> 4 | u8(from, 4 + run) >> 6 << 4;
    }

    /** 128 bytes of low nibbles, 64 of high two bits, 16 signed scales, d; minus 32. */
    private static void sixBit(MemorySegment from, MemorySegment to) {
        float d = half(from, 208);
        for (int e = 0; e < ELEMENTS; e++) {
            int low = (u8(from, e / 128 * 64 + e % 64) >> (e % 128 / 64 * 4)) & 15;
            int q = (low | twoBits(from, 128, e) << 4) - 32;
            to.set(TO, 4L * e, d * from.get(ValueLayout.JAVA_BYTE, 192 + e / 16) * q);
        }
    }

    /** Element e of two-bit fields that start at byte {@code at}. */
    private static int twoBits(MemorySegment from, int at, int e) {
        return (u8(from, at + e / 128 * 32 + e % 32) >> (e % 128 / 32 * 2)) & 3;
    }
}
