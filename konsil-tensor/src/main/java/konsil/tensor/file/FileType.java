package konsil.tensor.file;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How the elements of a tensor are written in a file: every dtype of safetensors 0.8 and every tensor type of GGUF that
 * has a number today. Elements lie in blocks of {@link #blockElements} that take {@link #blockBits} bits.
 */
public enum FileType {
    BOOL(1, 8, -1),
    /** 4-bit float E2M1; its scales lie in another tensor. */
    F4(1, 4, -1),
    F6_E2M3(1, 6, -1),
    F6_E3M2(1, 6, -1),
    U8(1, 8, -1),
    I8(1, 8, 24),
    F8_E5M2(1, 8, -1),
    /** Finite only: 0x7F and 0xFF are NaN, there is no infinity. */
    F8_E4M3(1, 8, -1),
    /** Powers of two, exponent bias 127, 0xFF is NaN. */
    F8_E8M0(1, 8, -1),
    F8_E4M3FNUZ(1, 8, -1),
    F8_E5M2FNUZ(1, 8, -1),
    I16(1, 16, 25),
    U16(1, 16, -1),
    F16(1, 16, 1),
    BF16(1, 16, 30),
    I32(1, 32, 26),
    U32(1, 32, -1),
    F32(1, 32, 0),
    /** Two f32: real, imaginary. */
    C64(1, 64, -1),
    F64(1, 64, 28),
    I64(1, 64, 27),
    U64(1, 64, -1),

    Q4_0(32, 18 * 8, 2),
    Q4_1(32, 20 * 8, 3),
    Q5_0(32, 22 * 8, 6),
    Q5_1(32, 24 * 8, 7),
    Q8_0(32, 34 * 8, 8),
    Q2_K(256, 84 * 8, 10),
    Q3_K(256, 110 * 8, 11),
    Q4_K(256, 144 * 8, 12),
    Q5_K(256, 176 * 8, 13),
    Q6_K(256, 210 * 8, 14),

    Q8_1(32, 40 * 8, 9),
    Q8_K(256, 292 * 8, 15),
    IQ2_XXS(256, 66 * 8, 16),
    IQ2_XS(256, 74 * 8, 17),
    IQ3_XXS(256, 98 * 8, 18),
    IQ1_S(256, 50 * 8, 19),
    IQ4_NL(32, 18 * 8, 20),
    IQ3_S(256, 110 * 8, 21),
    IQ2_S(256, 82 * 8, 22),
    IQ4_XS(256, 136 * 8, 23),
    IQ1_M(256, 56 * 8, 29),
    TQ1_0(256, 54 * 8, 34),
    TQ2_0(256, 66 * 8, 35),
    MXFP4(32, 17 * 8, 39),
    NVFP4(64, 36 * 8, 40),
    Q1_0(128, 18 * 8, 41),
    /** A GGUF type number that has no name here; its data cannot be reached. */
    UNKNOWN(1, 0, -1);

    private static final List<FileType> SAFETENSORS =
            Arrays.stream(values()).filter(FileType::inSafetensors).toList();

    private final int blockElements;
    private final int blockBits;
    private final int ggufNumber;

    FileType(int blockElements, int blockBits, int ggufNumber) {
        this.blockElements = blockElements;
        this.blockBits = blockBits;
        this.ggufNumber = ggufNumber;
    }

    /** Elements that are coded together; 1 for plain types. */
    public int blockElements() {
        return blockElements;
    }

    /** Bits of one block. */
    public int blockBits() {
        return blockBits;
    }

    /** Bytes of one block of a type whose blocks are whole bytes. */
    public int blockBytes() {
        return blockBits / 8;
    }

    /**
     * Bytes of this many elements.
     *
     * @throws ArithmeticException when they are not whole blocks, not whole bytes, or more than a long holds
     */
    public long bytes(long elements) {
        if (elements % blockElements != 0) {
            throw new ArithmeticException("%d elements are not whole blocks of %d".formatted(elements, blockElements));
        }
        long blocks = elements / blockElements;
        if (blockBits % 8 == 0) {
            return Math.multiplyExact(blocks, blockBits / 8);
        }
        long bits = Math.multiplyExact(blocks, blockBits);
        if (bits % 8 != 0) {
            throw new ArithmeticException("%d elements of %d bits are not whole bytes".formatted(elements, blockBits));
        }
        return bits / 8;
    }

    /** Whether {@link Checkpoint#readF32} can turn these into f32. */
    public boolean readable() {
        return F32Decoder.reads(this);
    }

    /** Whether this is a real number rather than an index, a count or a truth value. */
    public boolean real() {
        return switch (this) {
            case BOOL, U8, I8, I16, U16, I32, U32, I64, U64, C64, UNKNOWN -> false;
            default -> true;
        };
    }

    /** Whether safetensors has this type; its name there is {@link #name()}. */
    public boolean inSafetensors() {
        return compareTo(U64) <= 0;
    }

    /** The type's number in GGUF, or -1 when GGUF lacks it. */
    public int ggufNumber() {
        return ggufNumber;
    }

    static Optional<FileType> ofSafetensors(String name) {
        return SAFETENSORS.stream().filter(type -> type.name().equals(name)).findFirst();
    }

    static Optional<FileType> ofGguf(long number) {
        return Arrays.stream(values())
                .filter(type -> type.ggufNumber >= 0 && type.ggufNumber == number)
                .findFirst();
    }
}
