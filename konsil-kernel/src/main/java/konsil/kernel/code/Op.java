package konsil.kernel.code;

/**
 * An AVX-512 instruction: what the EVEX prefix says about it (Intel SDM volume 2, section 2.7) and its opcode.
 *
 * @param map opcode map: 1 for 0F, 2 for 0F38, 3 for 0F3A
 * @param prefix 0 none, 1 for 66, 2 for F3, 3 for F2
 * @param w the W bit
 * @param code opcode byte
 * @param widthDivisor register bytes per memory byte: 1 when a memory operand is as wide as the register, 2 when half
 *     as wide; 0 when it is one element of {@code elementBytes}. One-byte displacements count in units of that width.
 * @param elementBytes bytes of one element, the unit of a broadcast
 */
record Op(int map, int prefix, int w, int code, int widthDivisor, int elementBytes) {
    static Op full(int map, int prefix, int code) {
        return new Op(map, prefix, 0, code, 1, 4);
    }

    static Op wide(int map, int prefix, int code) {
        return new Op(map, prefix, 1, code, 1, 8);
    }

    static Op part(int map, int prefix, int code, int widthDivisor) {
        return new Op(map, prefix, 0, code, widthDivisor, 4);
    }

    static Op scalar(int map, int prefix, int code, int elementBytes) {
        return new Op(map, prefix, 0, code, 0, elementBytes);
    }

    int memoryBytes(int registerBytes, boolean broadcast) {
        return broadcast || widthDivisor == 0 ? elementBytes : registerBytes / widthDivisor;
    }
}
