package konsil.kernel.code;

import java.util.Optional;

/**
 * A memory operand: base + index * scale + displacement.
 *
 * @param scale 1, 2, 4 or 8
 */
public record Mem(Gpr base, Optional<Gpr> index, int scale, int displacement) {
    public Mem {
        if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
            throw new IllegalArgumentException("scale " + scale);
        }
        if (index.filter(Gpr.RSP::equals).isPresent()) {
            throw new IllegalArgumentException("rsp cannot be an index");
        }
    }

    public static Mem at(Gpr base, int displacement) {
        return new Mem(base, Optional.empty(), 1, displacement);
    }

    /** So many bytes further on. */
    Mem plus(int bytes) {
        return new Mem(base, index, scale, displacement + bytes);
    }

    public static Mem at(Gpr base, Gpr index, int scale, int displacement) {
        return new Mem(base, Optional.of(index), scale, displacement);
    }

    int indexBit3() {
        return index.map(Gpr::bit3).orElse(0);
    }
}
