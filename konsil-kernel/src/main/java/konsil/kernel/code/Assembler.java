package konsil.kernel.code;

/**
 * A small assembler for x86-64 with AVX-512: what Konsil's kernels need and nothing more. Methods bear the names of the
 * instructions, operands stand in Intel's order (destination first), vector registers are numbers 0 to 31, mask
 * registers 1 to 7. Every encoding is tested against the bytes of an independent assembler.
 */
public final class Assembler extends IntegerAssembler {
    private static final int NO_MASK = 0;

    /** Zero the elements that a mask leaves out, added to a mask's number. */
    public static final int ZEROING = 8;

    private static final Op VMOVUPS_LOAD = Op.full(1, 0, 0x10);
    private static final Op VMOVUPS_STORE = Op.full(1, 0, 0x11);
    private static final Op VMOVDQU16_LOAD = new Op(1, 3, 1, 0x6F, 1, 2);
    private static final Op VMOVDQU16_STORE = new Op(1, 3, 1, 0x7F, 1, 2);
    private static final Op VMOVAPS = Op.full(1, 0, 0x28);
    private static final Op VBROADCASTSS = Op.scalar(2, 1, 0x18, 4);
    private static final Op VPBROADCASTD = Op.scalar(2, 1, 0x58, 4);
    private static final Op VPBROADCASTD_GPR = Op.full(2, 1, 0x7C);
    private static final Op VFMADD231PS = Op.full(2, 1, 0xB8);
    private static final Op VFMADD213PS = Op.full(2, 1, 0xA8);
    private static final Op VFMSUB213PS = Op.full(2, 1, 0xAA);
    private static final Op VPDPBUSD = Op.full(2, 1, 0x50);
    private static final Op VDPBF16PS = Op.full(2, 2, 0x52);
    private static final Op VCVTNEPS2BF16 = Op.part(2, 2, 0x72, 2);
    private static final Op VPXORD = Op.full(1, 1, 0xEF);
    private static final Op VPANDD = Op.full(1, 1, 0xDB);
    private static final Op VPORD = Op.full(1, 1, 0xEB);
    private static final Op VPADDD = Op.full(1, 1, 0xFE);
    private static final Op VPSUBD = Op.full(1, 1, 0xFA);
    private static final Op VPMAXUD = Op.full(2, 1, 0x3F);
    private static final Op VPSRLW_IMM = Op.full(1, 1, 0x71);
    private static final Op VPSHIFTD_IMM = Op.full(1, 1, 0x72);
    private static final Op VCMPPS = Op.full(1, 0, 0xC2);
    private static final Op VPCMPUD = Op.full(3, 1, 0x1E);
    private static final Op VPMOVDW = Op.part(2, 2, 0x33, 2);
    private static final Op VPSCATTERDD = Op.scalar(2, 1, 0xA0, 4);
    private static final Op VPSRLVD = Op.full(2, 1, 0x45);
    private static final Op VPMOVDB = Op.part(2, 2, 0x31, 4);
    private static final Op VPSHUFD = Op.full(1, 1, 0x70);
    private static final Op VSHUFF32X4 = Op.full(3, 1, 0x23);
    private static final Op VPMOVSXBD = Op.part(2, 1, 0x21, 4);
    private static final Op VCVTDQ2PS = Op.full(1, 0, 0x5B);
    private static final Op VCVTPS2DQ = Op.full(1, 1, 0x5B);
    private static final Op VCVTPH2PS = Op.part(2, 1, 0x13, 2);
    private static final Op VADDPS = Op.full(1, 0, 0x58);
    private static final Op VMULPS = Op.full(1, 0, 0x59);
    private static final Op VSUBPS = Op.full(1, 0, 0x5C);
    private static final Op VDIVPS = Op.full(1, 0, 0x5E);
    private static final Op VMAXPS = Op.full(1, 0, 0x5F);
    private static final Op VMINPS = Op.full(1, 0, 0x5D);
    private static final Op VSQRTPS = Op.full(1, 0, 0x51);
    private static final Op VRNDSCALEPS = Op.full(3, 1, 0x08);
    private static final Op VSCALEFPS = Op.full(2, 1, 0x2C);

    private static int how(boolean broadcast) {
        return broadcast ? BROADCAST : NO_MASK;
    }

    // Moves

    public void vmovups(int z, Mem m) {
        evex(VMOVUPS_LOAD, ZMM, z, 0, m, NO_MASK);
    }

    /** Loads the elements of the mask; add {@link #ZEROING} to clear the others. */
    public void vmovups(int z, Mem m, int mask) {
        evex(VMOVUPS_LOAD, ZMM, z, 0, m, mask);
    }

    public void vmovups(Mem m, int z) {
        evex(VMOVUPS_STORE, ZMM, z, 0, m, NO_MASK);
    }

    /** Stores the elements of the mask. */
    public void vmovups(Mem m, int z, int mask) {
        evex(VMOVUPS_STORE, ZMM, z, 0, m, mask);
    }

    public void vmovupsYmm(int y, Mem m) {
        evex(VMOVUPS_LOAD, YMM, y, 0, m, NO_MASK);
    }

    public void vmovupsYmm(int y, Mem m, int mask) {
        evex(VMOVUPS_LOAD, YMM, y, 0, m, mask);
    }

    public void vmovupsYmm(Mem m, int y) {
        evex(VMOVUPS_STORE, YMM, y, 0, m, NO_MASK);
    }

    /** Loads the 16-bit elements of the mask; add {@link #ZEROING} to clear the others. */
    public void vmovdqu16(int z, Mem m, int mask) {
        evex(VMOVDQU16_LOAD, ZMM, z, 0, m, mask);
    }

    /** Stores the 16-bit elements of the mask. */
    public void vmovdqu16(Mem m, int z, int mask) {
        evex(VMOVDQU16_STORE, ZMM, z, 0, m, mask);
    }

    public void vmovaps(int z, int from) {
        evex(VMOVAPS, ZMM, z, 0, from, NO_MASK);
    }

    public void vmovaps(int z, int from, int mask) {
        evex(VMOVAPS, ZMM, z, 0, from, mask);
    }

    public void vbroadcastss(int z, Mem m) {
        evex(VBROADCASTSS, ZMM, z, 0, m, NO_MASK);
    }

    public void vbroadcastss(int z, int xmm) {
        evex(VBROADCASTSS, ZMM, z, 0, xmm, NO_MASK);
    }

    public void vpbroadcastd(int z, Mem m) {
        evex(VPBROADCASTD, ZMM, z, 0, m, NO_MASK);
    }

    public void vpbroadcastd(int z, Gpr from) {
        evex(VPBROADCASTD_GPR, ZMM, z, 0, from.ordinal(), NO_MASK);
    }

    /** Stores the lowest float. */
    public void vmovss(Mem m, int z) {
        evex(Op.scalar(1, 2, 0x11, 4), XMM, z, 0, m, NO_MASK);
    }

    // Multiply and add

    public void vfmadd231ps(int sum, int a, int b) {
        evex(VFMADD231PS, ZMM, sum, a, b, NO_MASK);
    }

    public void vfmadd231ps(int sum, int a, Mem b, boolean broadcast) {
        evex(VFMADD231PS, ZMM, sum, a, b, how(broadcast));
    }

    /** z = a * z + b. */
    public void vfmadd213ps(int z, int a, int b) {
        evex(VFMADD213PS, ZMM, z, a, b, NO_MASK);
    }

    /** z = a * z + b. */
    public void vfmadd213ps(int z, int a, Mem b, boolean broadcast) {
        evex(VFMADD213PS, ZMM, z, a, b, how(broadcast));
    }

    /** z = a * z - b. */
    public void vfmsub213ps(int z, int a, int b) {
        evex(VFMSUB213PS, ZMM, z, a, b, NO_MASK);
    }

    /** Each 32-bit sum gains four products of unsigned and signed bytes. */
    public void vpdpbusd(int sum, int unsigned, int signed) {
        evex(VPDPBUSD, ZMM, sum, unsigned, signed, NO_MASK);
    }

    public void vpdpbusd(int sum, int unsigned, Mem signed, boolean broadcast) {
        evex(VPDPBUSD, ZMM, sum, unsigned, signed, how(broadcast));
    }

    /** Each f32 sum gains two products of bf16. */
    public void vdpbf16ps(int sum, int a, int b) {
        evex(VDPBF16PS, ZMM, sum, a, b, NO_MASK);
    }

    public void vdpbf16ps(int sum, int a, Mem b, boolean broadcast) {
        evex(VDPBF16PS, ZMM, sum, a, b, how(broadcast));
    }

    public void vaddps(int z, int a, int b) {
        evex(VADDPS, ZMM, z, a, b, NO_MASK);
    }

    public void vaddps(int z, int a, Mem b, boolean broadcast) {
        evex(VADDPS, ZMM, z, a, b, how(broadcast));
    }

    public void vsubps(int z, int a, int b) {
        evex(VSUBPS, ZMM, z, a, b, NO_MASK);
    }

    public void vmulps(int z, int a, int b) {
        evex(VMULPS, ZMM, z, a, b, NO_MASK);
    }

    public void vmulps(int z, int a, Mem b, boolean broadcast) {
        evex(VMULPS, ZMM, z, a, b, how(broadcast));
    }

    public void vdivps(int z, int a, int b) {
        evex(VDIVPS, ZMM, z, a, b, NO_MASK);
    }

    public void vsqrtps(int z, int a) {
        evex(VSQRTPS, ZMM, z, 0, a, NO_MASK);
    }

    /** The second operand where one is NaN. */
    public void vmaxps(int z, int a, int b) {
        evex(VMAXPS, ZMM, z, a, b, NO_MASK);
    }

    public void vmaxps(int z, int a, Mem b, boolean broadcast) {
        evex(VMAXPS, ZMM, z, a, b, how(broadcast));
    }

    /** The second operand where one is NaN. */
    public void vminps(int z, int a, int b) {
        evex(VMINPS, ZMM, z, a, b, NO_MASK);
    }

    /** Rounds to a whole number, nearest even. */
    public void vrndscaleps(int z, int a) {
        evex(VRNDSCALEPS, ZMM, z, 0, a, NO_MASK);
        emit(0);
    }

    /** z = a * 2^floor(b). */
    public void vscalefps(int z, int a, int b) {
        evex(VSCALEFPS, ZMM, z, a, b, NO_MASK);
    }

    // Integers and bits

    public void vpxord(int z, int a, int b) {
        evex(VPXORD, ZMM, z, a, b, NO_MASK);
    }

    public void vpandd(int z, int a, int b) {
        evex(VPANDD, ZMM, z, a, b, NO_MASK);
    }

    public void vpandd(int z, int a, Mem b, boolean broadcast) {
        evex(VPANDD, ZMM, z, a, b, how(broadcast));
    }

    public void vpord(int z, int a, int b) {
        evex(VPORD, ZMM, z, a, b, NO_MASK);
    }

    public void vpaddd(int z, int a, int b) {
        evex(VPADDD, ZMM, z, a, b, NO_MASK);
    }

    public void vpsubd(int z, int a, int b) {
        evex(VPSUBD, ZMM, z, a, b, NO_MASK);
    }

    public void vpmaxud(int z, int a, int b) {
        evex(VPMAXUD, ZMM, z, a, b, NO_MASK);
    }

    public void vpsrlw(int z, int a, int bits) {
        evex(VPSRLW_IMM, ZMM, 2, z, a, NO_MASK);
        emit(bits);
    }

    public void vpslld(int z, int a, int bits) {
        evex(VPSHIFTD_IMM, ZMM, 6, z, a, NO_MASK);
        emit(bits);
    }

    public void vpslld(int z, Mem m, int bits) {
        evex(VPSHIFTD_IMM, ZMM, 6, z, m, NO_MASK);
        emit(bits);
    }

    public void vpsrld(int z, int a, int bits) {
        evex(VPSHIFTD_IMM, ZMM, 2, z, a, NO_MASK);
        emit(bits);
    }

    /** Each element is shifted by its own number of bits. */
    public void vpsrlvd(int z, int a, int bits) {
        evex(VPSRLVD, ZMM, z, a, bits, NO_MASK);
    }

    /** Shift that keeps the sign. */
    public void vpsrad(int z, int a, int bits) {
        evex(VPSHIFTD_IMM, ZMM, 4, z, a, NO_MASK);
        emit(bits);
    }

    /** Mask of the elements that are NaN in a or b. */
    public void vcmpunordps(int mask, int a, int b) {
        evex(VCMPPS, ZMM, mask, a, b, NO_MASK);
        emit(3);
    }

    /** Mask of the elements with a >= b, unsigned. */
    public void vpcmpnltud(int mask, int a, int b) {
        evex(VPCMPUD, ZMM, mask, a, b, NO_MASK);
        emit(5);
    }

    /** Lower halves of 32-bit elements, side by side. */
    public void vpmovdw(int y, int z) {
        evex(VPMOVDW, ZMM, z, 0, y, NO_MASK);
    }

    /**
     * Stores the 32-bit elements of the mask, which is cleared, to base + index + displacement.
     *
     * @param index vector register 0 to 15, not 4
     * @param width {@link #ZMM} or {@link #YMM}
     */
    void vpscatterdd(int width, Gpr base, int index, int displacement, int z, int mask) {
        evex(VPSCATTERDD, width, z, 0, Mem.at(base, Gpr.values()[index], 1, displacement), mask);
    }

    /** 16 signed bytes to 32-bit elements. */
    public void vpmovsxbd(int z, Mem m) {
        evex(VPMOVSXBD, ZMM, z, 0, m, NO_MASK);
    }

    /** Lowest byte of each 32-bit element. */
    public void vpmovdb(Mem m, int z) {
        evex(VPMOVDB, ZMM, z, 0, m, NO_MASK);
    }

    /** Reorders the four elements of each 128 bits. */
    public void vpshufd(int z, int a, int order) {
        evex(VPSHUFD, ZMM, z, 0, a, NO_MASK);
        emit(order);
    }

    /** Two 128-bit lanes of a, then two of b. */
    public void vshuff32x4(int z, int a, int b, int order) {
        evex(VSHUFF32X4, ZMM, z, a, b, NO_MASK);
        emit(order);
    }

    // Conversions

    public void vcvtdq2ps(int z, int a) {
        evex(VCVTDQ2PS, ZMM, z, 0, a, NO_MASK);
    }

    public void vcvtps2dq(int z, int a) {
        evex(VCVTPS2DQ, ZMM, z, 0, a, NO_MASK);
    }

    /** 16 f16 in memory to f32. */
    public void vcvtph2ps(int z, Mem m) {
        evex(VCVTPH2PS, ZMM, z, 0, m, NO_MASK);
    }

    /** 16 f32 to bf16 in the lower half, nearest even. */
    public void vcvtneps2bf16(int y, int z) {
        evex(VCVTNEPS2BF16, ZMM, y, 0, z, NO_MASK);
    }
}
