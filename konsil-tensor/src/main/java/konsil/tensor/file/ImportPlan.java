package konsil.tensor.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import konsil.kernel.WeightFormat;

/**
 * What becomes of each tensor of a checkpoint when it is imported, told by name and shape alone, for the names of
 * Hugging Face and of GGUF. Whatever kernels multiply by is packed; all else stays byte for byte as it is.
 */
final class ImportPlan {
    private static final List<String> TRANSPOSED =
            List.of("mm_input_projection_weight", "mm_input_projection.weight", "mm.input_projection.weight");
    private static final List<String> PATCHES = List.of("patch_embedding.weight", "patch_embd.weight");
    private static final List<String> EMBEDDINGS =
            List.of("embed_tokens.weight", "lm_head.weight", "token_embd.weight", "output.weight");
    /** Matrices that are tables or trained further, not multiplied by. */
    private static final List<String> KEPT = List.of("norm", "position_emb", "position_embd", "pos_emb", "lora_");

    private ImportPlan() {}

    /** How a tensor is packed, or empty when it stays as it is. */
    static Optional<Arrangement> arrangement(TensorInfo info) {
        String name = info.name();
        boolean weight = name.endsWith("weight") && KEPT.stream().noneMatch(name::contains);
        if (!weight || !info.type().real() || !info.type().readable() || info.elements() == 0) {
            return Optional.empty();
        }
        return switch (info.shape().size()) {
            case 2 -> Optional.of(endsWithOneOf(name, TRANSPOSED) ? Arrangement.TRANSPOSED : Arrangement.OUT_FIRST);
            // (out, channels, kernel); with one channel it is a depthwise convolution, no matrix
            case 3 -> info.shape().get(1) > 1 ? Optional.of(Arrangement.TAPS_FIRST) : Optional.empty();
            case 4 -> endsWithOneOf(name, PATCHES) ? Optional.of(Arrangement.OUT_FIRST) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static boolean endsWithOneOf(String name, List<String> ends) {
        return ends.stream().anyMatch(end -> name.equals(end) || name.endsWith("." + end));
    }

    /**
     * Every tensor as it will be, not yet placed.
     *
     * @throws BadFileException when a matrix has more than 2^31 - 1 rows or columns
     */
    static List<PackedIndex.PackedTensor> of(Checkpoint source, ImportSettings settings) {
        var tensors = new ArrayList<PackedIndex.PackedTensor>();
        for (String name : source.names()) {
            var info = source.info(name);
            if (!(info.layout() instanceof Layout.RowMajor)) {
                throw new BadFileException(source.path(), "is a packed Konsil file already; import its source instead");
            }
            if (!info.type().inSafetensors()) {
                F32Decoder.requireReadable(source.path(), info);
            }
            tensors.add(new PackedIndex.PackedTensor(planned(source, info, settings), info.type(), Hash.ZERO));
        }
        return tensors;
    }

    private static TensorInfo planned(Checkpoint source, TensorInfo info, ImportSettings settings) {
        var arrangement = arrangement(info);
        if (arrangement.isEmpty()) {
            return info;
        }
        var format = settings.formatOf(info.name(), info.type(), endsWithOneOf(info.name(), EMBEDDINGS));
        var layout = new Layout.Packed(format, arrangement.get());
        var packed = new TensorInfo(info.name(), typeOf(format), info.shape(), layout, 0, 0);
        try {
            return at(packed, 0, PackedIndex.wantedBytes(packed));
        } catch (ArithmeticException e) {
            throw new BadFileException(source.path(), info.name(), "is too large a matrix: " + e.getMessage());
        }
    }

    private static FileType typeOf(WeightFormat format) {
        return switch (format) {
            case F32 -> FileType.F32;
            case BF16 -> FileType.BF16;
            case Q8_0 -> FileType.Q8_0;
            case Q4_0 -> FileType.Q4_0;
        };
    }

    static TensorInfo at(TensorInfo info, long offset, long bytes) {
        return new TensorInfo(info.name(), info.type(), info.shape(), info.layout(), offset, bytes);
    }
}
