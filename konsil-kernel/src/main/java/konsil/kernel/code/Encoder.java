package konsil.kernel.code;

import java.util.Arrays;

/** Bytes of x86-64 instructions: prefixes, ModRM, SIB and displacement. What they mean is {@link Assembler}'s. */
class Encoder {
    static final int ZMM = 64;
    static final int YMM = 32;
    static final int XMM = 16;

    /** Not a mask: masks are 0 to 7, plus 8 to zero what is masked out. */
    static final int BROADCAST = 16;

    private byte[] bytes = new byte[1 << 12];
    private int size;

    final int size() {
        return size;
    }

    /** The code so far. */
    public final byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    final void emit(int... values) {
        if (size + values.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        for (int value : values) {
            bytes[size++] = (byte) value;
        }
    }

    final void emit32(int value) {
        emit(value, value >> 8, value >> 16, value >> 24);
    }

    final void patch32(int position, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[position + i] = (byte) (value >> 8 * i);
        }
    }

    /** Vector registers only: op reg, vvvv, rm. */
    final void evex(Op op, int width, int reg, int vvvv, int rm, int mask) {
        emit(
                0x62,
                inverted(reg, 3) << 7 | inverted(rm, 4) << 6 | inverted(rm, 3) << 5 | inverted(reg, 4) << 4 | op.map());
        evexTail(op, width, vvvv, mask, false);
        emit(op.code(), 0xC0 | (reg & 7) << 3 | rm & 7);
    }

    /** One operand in memory: op reg, vvvv, [m]. @param how a mask, or {@link #BROADCAST} to repeat one element */
    final void evex(Op op, int width, int reg, int vvvv, Mem m, int how) {
        boolean broadcast = how == BROADCAST;
        int mask = broadcast ? 0 : how;
        int x = 1 - m.indexBit3();
        int b = 1 - m.base().bit3();
        emit(0x62, inverted(reg, 3) << 7 | x << 6 | b << 5 | inverted(reg, 4) << 4 | op.map());
        evexTail(op, width, vvvv, mask, broadcast);
        emit(op.code());
        address(reg, m, op.memoryBytes(width, broadcast));
    }

    private void evexTail(Op op, int width, int vvvv, int mask, boolean broadcast) {
        int length = width == ZMM ? 2 : width == YMM ? 1 : 0;
        int zeroing = mask >> 3; // masks are 0..7, plus 8 to zero what is masked out
        emit(op.w() << 7 | (~vvvv & 15) << 3 | 4 | op.prefix());
        emit(zeroing << 7 | length << 5 | (broadcast ? 16 : 0) | inverted(vvvv, 4) << 3 | mask & 7);
    }

    private static int inverted(int register, int bit) {
        return ~register >> bit & 1;
    }

    /** ModRM, SIB and displacement. @param unit what a one-byte displacement counts in */
    final void address(int reg, Mem m, int unit) {
        int d = m.displacement();
        boolean sib = m.index().isPresent() || m.base().low3() == 4;
        boolean none = d == 0 && m.base().low3() != 5;
        boolean one = !none && d % unit == 0 && d / unit >= -128 && d / unit <= 127;
        emit((none ? 0 : one ? 1 : 2) << 6
                | (reg & 7) << 3
                | (sib ? 4 : m.base().low3()));
        if (sib) {
            int scale = Integer.numberOfTrailingZeros(m.scale());
            emit(scale << 6 | m.index().map(Gpr::low3).orElse(4) << 3 | m.base().low3());
        }
        if (one) {
            emit(d / unit);
        } else if (!none) {
            emit32(d);
        }
    }

    /** REX prefix for a register and a memory operand, left out when it would say nothing. */
    final void rex(int w, int reg, Mem m) {
        int rex = 0x40 | w << 3 | reg >> 3 << 2 | m.indexBit3() << 1 | m.base().bit3();
        if (rex != 0x40) {
            emit(rex);
        }
    }

    /** 64-bit operation on two registers. */
    final void rexW(Gpr reg, Gpr rm) {
        emit(0x48 | reg.bit3() << 2 | rm.bit3());
    }

    final void registers(Gpr reg, Gpr rm) {
        emit(0xC0 | reg.low3() << 3 | rm.low3());
    }
}
