package konsil.kernel;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.S2I;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of products with a single row, for as many output rows as two vectors hold, or one in the Q
 * formats. As in {@link VectorTile}, every sum runs from first to last in one accumulator, and vectors meet no
 * methods of ours.
 */
final class VectorRow {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Integer> I = Lanes.I;
    private static final VectorSpecies<Short> S = Lanes.S;
    private static final VectorSpecies<Short> HALF = Lanes.HALF;
    private static final MemorySegment ALL = RawMemory.ALL;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int L = Lanes.COUNT;
    private static final int BLOCK = WeightFormat.BLOCK;
    private static final int STEP = Superblock.STEP;

    /** Turns value + 128 into the value, in both bytes of a short. */
    private static final short SIGNS = (short) 0x8080;

    private VectorRow() {}

    /**
     * c[j] += sum over n of a[at + n] * b[n, j] for two vectors of columns j.
     *
     * @param k how many n
     */
    static void f32(float[] a, int at, VectorTile.Place to, int k) {
        FloatVector c0 = FloatVector.fromArray(F, to.c(), to.at()), c1 = FloatVector.fromArray(F, to.c(), to.at() + L);
        long b = to.b();
        for (int n = at; n < at + k; n++, b += to.bStep()) {
            var value = FloatVector.broadcast(F, a[n]);
            c0 = value.fma(FloatVector.fromMemorySegment(F, ALL, b, LE), c0);
            c1 = value.fma(FloatVector.fromMemorySegment(F, ALL, b + 4 * L, LE), c1);
        }
        c0.intoArray(to.c(), to.at());
        c1.intoArray(to.c(), to.at() + L);
    }

    /** As {@link #f32}, b being pairs of bf16: a step leads to the next pair of n. There is an even number of n. */
    static void bf16(float[] a, int at, VectorTile.Place to, int k) {
        FloatVector c0 = FloatVector.fromArray(F, to.c(), to.at()), c1 = FloatVector.fromArray(F, to.c(), to.at() + L);
        long b = to.b();
        for (int n = at; n < at + k; n += 2, b += to.bStep()) {
            var b0 = IntVector.fromMemorySegment(I, ALL, b, LE);
            var b1 = IntVector.fromMemorySegment(I, ALL, b + 4 * L, LE);
            var even = FloatVector.broadcast(F, a[n]);
            var odd = FloatVector.broadcast(F, a[n + 1]);
            c0 = even.fma(b0.lanewise(LSHL, 16).reinterpretAsFloats(), c0);
            c1 = even.fma(b1.lanewise(LSHL, 16).reinterpretAsFloats(), c1);
            c0 = odd.fma(b0.and(0xffff_0000).reinterpretAsFloats(), c0);
            c1 = odd.fma(b1.and(0xffff_0000).reinterpretAsFloats(), c1);
        }
        c0.intoArray(to.c(), to.at());
        c1.intoArray(to.c(), to.at() + L);
    }

    /**
     * Where the weights of a vector of output rows lie in the Q formats.
     *
     * @param values address of their values in the first superblock
     * @param scales address of their scales in it
     */
    record Place(long values, long scales) {}

    /**
     * Adds the products of blocks in Q8_0 to a vector of sums.
     *
     * <p>The products of two columns fit 16 bits, so even and odd bytes are multiplied as they lie; then the two
     * halves of each row are put together.
     *
     * @param first number of the first block in x
     * @param cAt where the vector of sums begins
     */
    static void q8(VectorIntegers x, int first, Place w, float[] c, int cAt, int blocks) {
        int[] pairs = x.pairs();
        var sum = FloatVector.fromArray(F, c, cAt);
        for (int b = 0; b < blocks; b++) {
            long block = w.values + Superblock.Q8_BYTES * (long) (b / 2) + Superblock.Q8_BLOCK * (b % 2);
            int at = VectorIntegers.Q8_LENGTH * (first + b);
            var whole = IntVector.zero(I);
            for (int g = 0; g < BLOCK / 4; g++) {
                var v = ShortVector.fromMemorySegment(S, ALL, block + STEP * g, LE)
                        .lanewise(XOR, SIGNS);
                var even = IntVector.broadcast(I, pairs[at + 2 * g]).reinterpretAsShorts();
                var odd = IntVector.broadcast(I, pairs[at + 2 * g + 1]).reinterpretAsShorts();
                var two = v.lanewise(LSHL, 8)
                        .lanewise(ASHR, 8)
                        .mul(even)
                        .add(v.lanewise(ASHR, 8).mul(odd));
                var both = two.reinterpretAsInts();
                whole = whole.add(both.lanewise(LSHL, 16).lanewise(ASHR, 16)).add(both.lanewise(ASHR, 16));
            }
            long scaleAt = w.scales + Superblock.Q8_BYTES * (long) (b / 2) + Superblock.SCALES * (b % 2);
            var f16 = ShortVector.fromMemorySegment(HALF, ALL, scaleAt, LE).convertShape(S2I, I, 0);
            var bits = ((IntVector) f16).lanewise(LSHL, 13).and(0x8fff_e000);
            var finite = bits.reinterpretAsFloats().mul(0x1p112f);
            var infinite = bits.or(0x7f80_0000).reinterpretAsFloats();
            var scale = finite.blend(infinite, finite.abs().compare(GE, 65536)).mul(x.scale(first + b));
            sum = ((FloatVector) whole.convertShape(I2F, F, 0)).fma(scale, sum);
        }
        sum.intoArray(c, cAt);
    }

    /**
     * As {@link #q8}, in Q4_0. All products of a block fit 16 bits: 16 times 8 times 127. A short v holds four
     * nibbles n0 to n3, and shifted by 4 j it holds those from nj on, so n0 x0 + n1 x1 + ... = v x0 + (v >> 4) (x1 -
     * 16 x0) + ..., modulo 2^16 as all arithmetic here, and no nibble need be cut out.
     */
    static void q4(VectorIntegers x, int first, Place w, float[] c, int cAt, int blocks) {
        int[] pairs = x.pairs();
        var sum = FloatVector.fromArray(F, c, cAt);
        for (int b = 0; b < blocks; b++) {
            long block = w.values + Superblock.Q4_BYTES * (long) (b / 2) + Superblock.Q4_BLOCK * (b % 2);
            int at = VectorIntegers.Q4_LENGTH * (first + b);
            var products = IntVector.broadcast(I, pairs[at]).reinterpretAsShorts();
            for (int g = 0; g < BLOCK / 8; g++) {
                var v = ShortVector.fromMemorySegment(S, ALL, block + STEP * g, LE);
                var x0 = IntVector.broadcast(I, pairs[at + 4 * g + 1]).reinterpretAsShorts();
                var x1 = IntVector.broadcast(I, pairs[at + 4 * g + 2]).reinterpretAsShorts();
                var x2 = IntVector.broadcast(I, pairs[at + 4 * g + 3]).reinterpretAsShorts();
                var x3 = IntVector.broadcast(I, pairs[at + 4 * g + 4]).reinterpretAsShorts();
                var low = v.mul(x0).add(v.lanewise(LSHR, 4).mul(x1));
                var high = v.lanewise(LSHR, 8).mul(x2).add(v.lanewise(LSHR, 12).mul(x3));
                products = products.add(low.add(high));
            }
            var both = products.reinterpretAsInts();
            var whole = both.lanewise(LSHL, 16).lanewise(ASHR, 16).add(both.lanewise(ASHR, 16));
            long scaleAt = w.scales + Superblock.Q4_BYTES * (long) (b / 2) + Superblock.SCALES * (b % 2);
            var f16 = ShortVector.fromMemorySegment(HALF, ALL, scaleAt, LE).convertShape(S2I, I, 0);
            var bits = ((IntVector) f16).lanewise(LSHL, 13).and(0x8fff_e000);
            var finite = bits.reinterpretAsFloats().mul(0x1p112f);
            var infinite = bits.or(0x7f80_0000).reinterpretAsFloats();
            var scale = finite.blend(infinite, finite.abs().compare(GE, 65536)).mul(x.scale(first + b));
            sum = ((FloatVector) whole.convertShape(I2F, F, 0)).fma(scale, sum);
        }
        sum.intoArray(c, cAt);
    }
}
