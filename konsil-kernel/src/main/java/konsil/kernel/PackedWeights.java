package konsil.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A weight matrix (out, in) in the layout of its {@link WeightFormat}, ready to be multiplied by; usually a slice of a
 * mapped file.
 *
 * @param data native memory of exactly {@link WeightFormat#bytes} bytes, aligned to 64
 */
public record PackedWeights(WeightFormat format, int out, int in, MemorySegment data) {
    /** Alignment of the first byte: one vector register, one cache line. */
    public static final int ALIGNMENT = 64;

    /** The beginning of the same memory for a smaller matrix; the values are undefined. */
    public PackedWeights room(int newOut, int newIn) {
        return new PackedWeights(format, newOut, newIn, data.asSlice(0, format.bytes(newOut, newIn)));
    }

    /** @throws SizeException when size, alignment or kind of memory do not fit */
    public PackedWeights {
        if (out < 0 || in < 0) {
            throw new SizeException("weights: want sizes >= 0, got %d x %d".formatted(out, in));
        }
        if (!data.isNative() || data.address() % ALIGNMENT != 0) {
            throw new SizeException("weights: want native memory aligned to " + ALIGNMENT);
        }
        long want = format.bytes(out, in);
        if (data.byteSize() != want) {
            throw new SizeException(
                    "%s weights %d x %d: want %d bytes, got %d".formatted(format, out, in, want, data.byteSize()));
        }
    }
}
