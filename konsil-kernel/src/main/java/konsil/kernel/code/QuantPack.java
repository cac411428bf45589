package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Quantises one row of f32 into a panel of {@link QuantTile}, as {@link konsil.kernel.Kernels#quantise} says.
 *
 * @param q4 for weights of 4 bits, whose offset is another
 */
public record QuantPack(boolean q4) implements Routine {
    private static final int LOW = 0;
    private static final int HIGH = 1;
    private static final int LARGEST = 2;
    private static final int SWAPPED = 3;
    private static final int SCALE = 4;
    private static final int INVERSE = 5;
    private static final int SUM = 6;
    private static final int ZERO = 28;
    private static final int LIMIT = 29;
    private static final int SMALLEST = 30;
    private static final int MAGNITUDE = 31;
    private static final int NOT_TINY = 1;

    /**
     * Code of a function (source, values, offset sum, scale, bytes from block to block, blocks): the three places of
     * the row in the panel's first block.
     */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        constant(s, MAGNITUDE, 0x7fffffff);
        constant(s, SMALLEST, Float.floatToIntBits(0x1p-100f));
        constant(s, LIMIT, Float.floatToIntBits(127));
        s.vpxord(ZERO, ZERO, ZERO);
        int loop = s.alignedLabel();
        s.vmovups(LOW, Mem.at(RDI, 0));
        s.vmovups(HIGH, Mem.at(RDI, 64));
        scales(s);
        s.vmulps(LOW, LOW, INVERSE);
        s.vmulps(HIGH, HIGH, INVERSE);
        s.vcvtps2dq(LOW, LOW);
        s.vcvtps2dq(HIGH, HIGH);
        s.vpmovdb(Mem.at(RSI, 0), LOW);
        s.vpmovdb(Mem.at(RSI, 16), HIGH);
        offsetSum(s);
        s.vmovss(Mem.at(RDX, 0), SUM);
        s.vmovss(Mem.at(RCX, 0), SCALE);
        s.add(RDI, 128);
        s.add(RSI, R8);
        s.add(RDX, R8);
        s.add(RCX, R8);
        s.dec(R9);
        s.jnz(loop);
        s.ret();
        return s.toBytes();
    }

    private static void constant(Assembler s, int z, int bits) {
        s.mov(RAX, bits);
        s.vpbroadcastd(z, RAX);
    }

    /** Magnitudes are compared as integers, for then NaN is the largest of all and reaches the scale. */
    private static void scales(Assembler s) {
        s.vpandd(LARGEST, LOW, MAGNITUDE);
        s.vpandd(SWAPPED, HIGH, MAGNITUDE);
        s.vpmaxud(LARGEST, LARGEST, SWAPPED);
        Across.combine(s, LARGEST, SWAPPED, s::vpmaxud);
        s.vpcmpnltud(NOT_TINY, LARGEST, SMALLEST);
        s.vdivps(SCALE, LARGEST, LIMIT);
        s.vdivps(INVERSE, LIMIT, LARGEST);
        s.vmovaps(SCALE, SCALE, NOT_TINY + Assembler.ZEROING);
        s.vmovaps(INVERSE, INVERSE, NOT_TINY + Assembler.ZEROING);
    }

    private void offsetSum(Assembler s) {
        s.vpaddd(SUM, LOW, HIGH);
        Across.combine(s, SUM, SWAPPED, s::vpaddd);
        s.vpslld(SUM, SUM, Integer.numberOfTrailingZeros(QuantTile.offset(q4)));
        s.vpsubd(SUM, ZERO, SUM);
    }
}
