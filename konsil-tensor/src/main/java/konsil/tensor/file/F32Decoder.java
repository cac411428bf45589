package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Objects;

/** Turns elements of any readable {@link FileType} into f32. Plain types here, blocks in their own classes. */
final class F32Decoder {
    private static final ValueLayout.OfFloat TO = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private F32Decoder() {}

    static boolean reads(FileType type) {
        return switch (type) {
            case F4, F6_E2M3, F6_E3M2, C64 -> false;
            case Q8_1, Q8_K, IQ2_XXS, IQ2_XS, IQ3_XXS, IQ1_S, IQ4_NL, IQ3_S, IQ2_S, IQ4_XS, IQ1_M -> false;
            case TQ1_0, TQ2_0, MXFP4, NVFP4, Q1_0, UNKNOWN -> false;
            default -> true;
        };
    }

    static void requireReadable(Path file, TensorInfo info) {
        if (!reads(info.type())) {
            String why = info.type().inSafetensors()
                    ? "cannot be read as real numbers on its own"
                    : "is not read by Konsil; convert the model to Q8_0, Q4_0, a K type or BF16";
            throw new BadFileException(file, info.name(), "type %s %s".formatted(info.type(), why));
        }
    }

    static void read(Path file, TensorInfo info, MemorySegment from, long first, long count, MemorySegment to) {
        requireReadable(file, info);
        Objects.checkFromIndexSize(first, count, info.elements());
        Objects.checkFromIndexSize(0, Math.multiplyExact(4, count), to.byteSize());
        if (info.layout() instanceof Layout.Packed packed) {
            PackedLayout.read(packed, info.shape(), from, first, to.asSlice(0, 4 * count));
        } else {
            decode(info.type(), from, first, count, to);
        }
    }

    /** Row-major elements {@code first} to {@code first + count - 1}; whole blocks. */
    static void decode(FileType type, MemorySegment from, long first, long count, MemorySegment to) {
        if (first % type.blockElements() != 0 || count % type.blockElements() != 0) {
            throw new IndexOutOfBoundsException("%s: want whole blocks of %d, got %d elements from %d"
                    .formatted(type, type.blockElements(), count, first));
        }
        var source = from.asSlice(type.bytes(first), type.bytes(count));
        switch (type) {
            case F32 -> floats(source, count, to);
            case F16 -> halves(source, count, to);
            case BF16 -> brainHalves(source, count, to);
            case F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ -> bytes(SmallFloats.table(type), source, to);
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 -> BlockDecoder.decode(type, source, to);
            case Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> KBlockDecoder.decode(type, source, to);
            default -> plain(type, source, count, to);
        }
    }

    private static void floats(MemorySegment from, long count, MemorySegment to) {
        MemorySegment.copy(from, ByteCursor.FLOAT, 0, to, TO, 0, count);
    }

    private static void halves(MemorySegment from, long count, MemorySegment to) {
        for (long i = 0; i < count; i++) {
            to.set(TO, 4 * i, Float.float16ToFloat(from.get(ByteCursor.SHORT, 2 * i)));
        }
    }

    private static void brainHalves(MemorySegment from, long count, MemorySegment to) {
        for (long i = 0; i < count; i++) {
            to.set(TO, 4 * i, Float.intBitsToFloat(from.get(ByteCursor.SHORT, 2 * i) << 16));
        }
    }

    private static void bytes(float[] valueOf, MemorySegment from, MemorySegment to) {
        for (long i = 0; i < from.byteSize(); i++) {
            to.set(TO, 4 * i, valueOf[from.get(ValueLayout.JAVA_BYTE, i) & 0xFF]);
        }
    }

    private static void plain(FileType type, MemorySegment from, long count, MemorySegment to) {
        for (long i = 0; i < count; i++) {
            to.set(TO, 4 * i, value(type, from, i));
        }
    }

    private static float value(FileType type, MemorySegment from, long i) {
        return switch (type) {
            case BOOL -> from.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1;
            case U8 -> from.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            case I8 -> from.get(ValueLayout.JAVA_BYTE, i);
            case I16 -> from.get(ByteCursor.SHORT, 2 * i);
            case U16 -> from.get(ByteCursor.SHORT, 2 * i) & 0xFFFF;
            case I32 -> from.get(ByteCursor.INT, 4 * i);
            case U32 -> from.get(ByteCursor.INT, 4 * i) & 0xFFFFFFFFL;
            case I64 -> from.get(ByteCursor.LONG, 8 * i);
            case U64 -> unsigned(from.get(ByteCursor.LONG, 8 * i));
            case F64 -> (float) from.get(ByteCursor.DOUBLE, 8 * i);
            default -> throw new IllegalArgumentException("no plain type: " + type);
        };
    }

    /** Nearest f32 of an unsigned long; the lost lowest bit is kept as a sticky bit so that rounding stays right. */
    private static float unsigned(long value) {
        return value >= 0 ? (float) value : 2f * (float) ((value >>> 1) | (value & 1));
    }
}
