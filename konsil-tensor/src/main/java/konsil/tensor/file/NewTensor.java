package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor to be written.
 *
 * @param shape outermost dimension first, for GGUF too
 * @param data little-endian, exactly as many bytes as type and shape need
 */
public record NewTensor(String name, FileType type, List<Long> shape, MemorySegment data) {
    /** @throws IllegalArgumentException when the bytes do not fit the shape */
    public NewTensor {
        shape = List.copyOf(shape);
        long want = type.bytes(TensorInfo.elements(shape));
        if (data.byteSize() != want) {
            throw new IllegalArgumentException(
                    "%s: want %d bytes for %s %s, got %d".formatted(name, want, type, shape, data.byteSize()));
        }
    }

    /**
     * Encodes f32 values.
     *
     * @param type F32, F16, BF16, Q8_0 or Q4_0; the Q types need whole blocks of 32 and are quantised as GGUF's
     *     reference does
     * @param shape outermost dimension first
     */
    public static NewTensor of(String name, FileType type, float[] values, long... shape) {
        return new NewTensor(name, type, boxed(shape), F32Encoder.encode(type, values));
    }

    /** A tensor of zeros of a plain type. @param shape none for a single number */
    public static NewTensor zeros(String name, FileType type, long... shape) {
        var sizes = boxed(shape);
        int bytes = Math.toIntExact(type.bytes(TensorInfo.elements(sizes)));
        return new NewTensor(name, type, sizes, MemorySegment.ofArray(new byte[bytes]));
    }

    /** A tensor as a checkpoint has it, which must stay open until this is written. */
    public static NewTensor copyOf(Checkpoint checkpoint, String name) {
        var info = checkpoint.info(name);
        return new NewTensor(name, info.type(), info.shape(), checkpoint.bytes(name));
    }

    static List<Long> boxed(long... shape) {
        return Arrays.stream(shape).boxed().toList();
    }
}
