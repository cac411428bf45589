package konsil.tensor.file;

import java.util.Arrays;
import java.util.Optional;

/** Kinds of metadata value in GGUF. */
public enum MetaType {
    U8(0, 1),
    I8(1, 1),
    U16(2, 2),
    I16(3, 2),
    U32(4, 4),
    I32(5, 4),
    F32(6, 4),
    BOOL(7, 1),
    TEXT(8, 8),
    LIST(9, 12),
    U64(10, 8),
    I64(11, 8),
    F64(12, 8);

    private final int number;
    private final int least;

    MetaType(int number, int least) {
        this.number = number;
        this.least = least;
    }

    int number() {
        return number;
    }

    /** Bytes that a value takes at least; exactly, unless it is text or a list. */
    int leastBytes() {
        return least;
    }

    static Optional<MetaType> of(long number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
    }
}
