package konsil.kernel;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors that {@link VectorKernels} computes with: their width, and how they come from memory and go there.
 *
 * <p>The width is the processor's, or the system property {@code konsil.vector.bits}, so that tests can try others.
 * It is a constant of the class because the JIT compiler makes machine instructions of vector operations only where
 * it knows the species; a width that is not the processor's own runs a hundred times slower.
 */
final class Lanes {
    static final VectorSpecies<Float> F = chosen();
    static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
    static final VectorSpecies<Short> S = VectorSpecies.of(short.class, F.vectorShape());

    /** As many shorts as there are floats in a vector. */
    static final VectorSpecies<Short> HALF =
            VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

    /** Bytes that hold at least as many numbers as there are floats in a vector. */
    private static final VectorSpecies<Byte> BYTE =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));

    /** Floats in a vector. */
    static final int COUNT = F.length();

    /** Bytes in a vector. */
    static final int BYTES = F.vectorByteSize();

    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int QUIET_NAN = 0x7fc0_0000;

    private Lanes() {}

    /** Not wider than 16 floats, the rows of a group of weights, and not narrower than the API's float vectors are. */
    private static VectorSpecies<Float> chosen() {
        int preferred = Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512);
        int bits = Integer.getInteger("konsil.vector.bits", preferred);
        return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    }

    static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, RawMemory.ALL, address, LE);
    }

    static void store(FloatVector v, long address) {
        v.intoMemorySegment(RawMemory.ALL, address, LE);
    }

    /** Copies {@code count} floats. */
    static void copy(long from, long to, int count) {
        int i = 0;
        for (; i + COUNT <= count; i += COUNT) {
            store(load(from + 4L * i), to + 4L * i);
        }
        for (; i < count; i++) {
            RawMemory.setFloat(to + 4L * i, RawMemory.getFloat(from + 4L * i));
        }
    }

    /** The first lanes, as many as are left; the others are zero. */
    static FloatVector load(long address, VectorMask<Float> left) {
        return FloatVector.fromMemorySegment(F, RawMemory.ALL, address, LE, left);
    }

    static void store(FloatVector v, long address, VectorMask<Float> left) {
        v.intoMemorySegment(RawMemory.ALL, address, LE, left);
    }

    /** The next vector, or what is left of it: {@code left} numbers and zeros after them. */
    static FloatVector load(long address, int left) {
        return left >= COUNT ? load(address) : load(address, first(left));
    }

    /** Writes a vector, or the first {@code left} numbers of it. */
    static void store(FloatVector v, long address, int left) {
        if (left >= COUNT) {
            store(v, address);
        } else {
            store(v, address, first(left));
        }
    }

    /** A vector whose lanes from {@code left} on are another number. */
    static FloatVector fill(FloatVector v, int left, float filler) {
        return left >= COUNT ? v : v.blend(filler, first(left).not());
    }

    static VectorMask<Float> first(int lanes) {
        return F.indexInRange(0, lanes);
    }

    static FloatVector all(float value) {
        return FloatVector.broadcast(F, value);
    }

    static void store(IntVector v, long address) {
        v.intoMemorySegment(RawMemory.ALL, address, LE);
    }

    static IntVector loadInts(long address) {
        return IntVector.fromMemorySegment(I, RawMemory.ALL, address, LE);
    }

    static ShortVector loadShorts(long address) {
        return ShortVector.fromMemorySegment(S, RawMemory.ALL, address, LE);
    }

    static FloatVector toFloats(IntVector v) {
        return (FloatVector) v.convertShape(VectorOperators.I2F, F, 0);
    }

    /** f16 to f32, exact: the exponent is moved by a multiplication, which denormal numbers survive. */
    static FloatVector loadF16(long address) {
        var f16 = ShortVector.fromMemorySegment(HALF, RawMemory.ALL, address, LE);
        var signed = (IntVector) f16.convertShape(VectorOperators.S2I, I, 0);
        var bits = signed.lanewise(VectorOperators.LSHL, 13).and(0x8fff_e000);
        var finite = bits.reinterpretAsFloats().mul(0x1p112f);
        var infinite = bits.or(0x7f80_0000).reinterpretAsFloats(); // or NaN
        return finite.blend(infinite, finite.abs().compare(VectorOperators.GE, 65536));
    }

    /** Signed bytes as floats; may read up to 8 bytes, whatever the width. */
    static FloatVector loadBytes(long address) {
        var bytes = ByteVector.fromMemorySegment(BYTE, RawMemory.ALL, address, LE);
        return (FloatVector) bytes.convertShape(VectorOperators.B2F, F, 0);
    }

    /** The low halves of pairs of bf16. */
    static FloatVector lowBf16(IntVector pairs) {
        return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    /** The high halves of pairs of bf16. */
    static FloatVector highBf16(IntVector pairs) {
        return pairs.and(0xffff_0000).reinterpretAsFloats();
    }

    /** Rounds to bf16, nearest even; NaN stays NaN. */
    static FloatVector roundBf16(FloatVector v) {
        var bits = v.reinterpretAsInts();
        var odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
        var rounded = bits.add(0x7fff).add(odd).and(0xffff_0000).reinterpretAsFloats();
        return rounded.blend(Float.intBitsToFloat(QUIET_NAN), v.test(VectorOperators.IS_NAN));
    }
}
