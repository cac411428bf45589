package konsil.tensor.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import konsil.kernel.NativeMemory;
import konsil.kernel.PackedWeights;
import konsil.kernel.Rows;
import konsil.kernel.WeightFormat;
import konsil.kernel.WeightPacker;
import konsil.tensor.Tensor;

/**
 * One tensor that a network asked for through {@link Weights}. Every method that gives data throws {@link
 * BadFileException}, with the whole report, when the tensor is missing or misshapen.
 */
public final class Weight {
    /** Rows; a multiple of every format's group. */
    private static final int REPACKED_AT_ONCE = 256;

    private final Weights.Ledger ledger;
    private final String name;
    private final List<Long> shape;

    Weight(Weights.Ledger ledger, String name, List<Long> shape) {
        this.ledger = ledger;
        this.name = name;
        this.shape = shape;
    }

    /** Full name in the checkpoint. */
    public String name() {
        return name;
    }

    /** The shape that was asked for. */
    public List<Long> shape() {
        return shape;
    }

    /** Type and place in the file. */
    public TensorInfo info() {
        ledger.requireUsable(name);
        return ledger.checkpoint().info(name);
    }

    /** The bytes as they lie in the file, read-only, alive as long as the checkpoint. */
    public MemorySegment bytes() {
        ledger.requireUsable(name);
        return ledger.checkpoint().bytes(name);
    }

    /** All values as f32 in an array of their own. */
    public float[] values() {
        ledger.requireUsable(name);
        return ledger.checkpoint().f32(name);
    }

    /**
     * All values as f32: the file's own memory where it holds just that, otherwise a copy.
     *
     * @param memory owns the copy
     */
    public Tensor f32(NativeMemory memory) {
        var info = info();
        var bytes = bytes();
        boolean asIs = info.type() == FileType.F32
                && info.layout() instanceof Layout.RowMajor
                && bytes.isNative()
                && bytes.address() % Float.BYTES == 0;
        if (!asIs) {
            F32Decoder.requireReadable(ledger.checkpoint().path(), info);
            bytes = memory.allocate(Math.multiplyExact(4, info.elements()));
            ledger.checkpoint().readF32(name, 0, info.elements(), bytes);
        }
        return Tensor.over(bytes, sizes(List.of(1L)));
    }

    /**
     * The taps of a depthwise convolution, (channels, 1, kernel) in the file, as kernels want them: (kernel, channels).
     *
     * @param memory owns the result
     */
    public Tensor depthwiseTaps(NativeMemory memory) {
        if (shape.size() != 3 || shape.get(1) != 1) {
            throw new IllegalArgumentException("%s: want (channels, 1, kernel), got %s".formatted(name, shape));
        }
        int channels = Math.toIntExact(shape.get(0));
        int taps = Math.toIntExact(shape.get(2));
        float[] from = values();
        float[] to = new float[from.length];
        for (int channel = 0; channel < channels; channel++) {
            for (int tap = 0; tap < taps; tap++) {
                to[tap * channels + channel] = from[channel * taps + tap];
            }
        }
        return Tensor.of(memory, to, taps, channels);
    }

    /**
     * All values as a tensor of its own that training may change.
     *
     * @param offset what the file's values lack of the published ones: 0, or -1 for norms of a file that has added it
     * @param memory owns the result
     */
    public Parameters.Parameter parameter(
            Parameters.Form form, Parameters.Role role, float offset, NativeMemory memory) {
        float[] values = values();
        for (int i = 0; i < values.length && offset != 0; i++) {
            values[i] += offset;
        }
        var tensor = Tensor.of(memory, form.ofNetwork(values, shape), networkShape(form));
        return new Parameters.Parameter(name, shape, tensor, form, role);
    }

    private int[] networkShape(Parameters.Form form) {
        int[] sizes = sizes(List.of(1L));
        return switch (form) {
            case SAME, MINUS_ONE -> sizes;
            case MATRIX -> new int[] {sizes[0], Math.toIntExact(info().elements() / Math.max(1, sizes[0]))};
            case TRANSPOSED -> new int[] {sizes[1], sizes[0]};
            case TAPS_LAST -> new int[] {sizes[0], sizes[2], sizes[1]};
            case DEPTHWISE -> new int[] {sizes[2], sizes[0]};
        };
    }

    /** The shape in ints; {@code scalar} for one without dimensions. */
    private int[] sizes(List<Long> scalar) {
        return (shape.isEmpty() ? scalar : shape)
                .stream().mapToInt(Math::toIntExact).toArray();
    }

    /**
     * How a matrix is packed that the file does not hold packed already.
     *
     * @param format of the result
     * @param memory owns the result
     * @param placement of those that it does hold packed
     */
    public record Packing(WeightFormat format, WeightPacker packer, NativeMemory memory, Placement placement) {
        /** Matrices of a packed file stay where they are. */
        public Packing(WeightFormat format, WeightPacker packer, NativeMemory memory) {
            this(format, packer, memory, Placement.MAPPED);
        }

        private PackedWeights placed(PackedWeights mapped) {
            return placement == Placement.COPIED ? packer.copy(mapped, memory) : mapped;
        }
    }

    /**
     * The tensor as the matrix that kernels multiply by: as it lies in a packed file, whatever its format there, or
     * a copy of that, or packed now.
     *
     * @return shape (out, in); for {@link Arrangement#TAPS_FIRST} (out, kernel, channels)
     * @throws BadFileException also when the file holds it packed in another arrangement
     */
    public Tensor matrix(Arrangement arrangement, Packing packing) {
        var info = info();
        return shaped(
                arrangement,
                switch (info.layout()) {
                    case Layout.Packed packed -> packing.placed(mapped(info, packed, arrangement));
                    case Layout.RowMajor _ -> packed(info, arrangement, packing);
                });
    }

    /**
     * As {@link #matrix}, but always in the format of {@code packing}: a packed file's matrix of another format is
     * unpacked and packed again.
     */
    public Tensor matrixIn(Arrangement arrangement, Packing packing) {
        var info = info();
        if (info.layout() instanceof Layout.Packed packed && packed.format() != packing.format()) {
            return shaped(arrangement, repacked(mapped(info, packed, arrangement), packing));
        }
        return matrix(arrangement, packing);
    }

    private Tensor shaped(Arrangement arrangement, PackedWeights weights) {
        return arrangement == Arrangement.TAPS_FIRST
                ? Tensor.packed(weights, weights.out(), Math.toIntExact(shape.get(2)), Math.toIntExact(shape.get(1)))
                : Tensor.packed(weights);
    }

    private static PackedWeights repacked(PackedWeights from, Packing packing) {
        var data = packing.memory().allocate(packing.format().bytes(from.out(), from.in()));
        var to = new PackedWeights(packing.format(), from.out(), from.in(), data);
        try (var arena = Arena.ofConfined()) {
            int most = Math.min(from.out(), REPACKED_AT_ONCE);
            var floats = arena.allocate(Math.max(4, 4L * most * from.in()), PackedWeights.ALIGNMENT);
            for (int row = 0; row < from.out(); row += most) {
                var rows = Rows.of(floats, Math.min(most, from.out() - row), from.in());
                for (int r = 0; r < rows.rows(); r++) {
                    WeightPacker.unpackRow(from, row + r, rows, r);
                }
                packing.packer().pack(rows, to, row);
            }
        }
        return to;
    }

    private PackedWeights mapped(TensorInfo info, Layout.Packed packed, Arrangement arrangement) {
        if (packed.arrangement() != arrangement) {
            throw new BadFileException(
                    ledger.checkpoint().path(),
                    name,
                    "is packed %s, want %s; import the model again".formatted(packed.arrangement(), arrangement));
        }
        return PackedLayout.weights(packed, info.shape(), bytes());
    }

    private PackedWeights packed(TensorInfo info, Arrangement arrangement, Packing packing) {
        if (!arrangement.fits(info.shape())) {
            throw new IllegalArgumentException("%s %s cannot be packed %s".formatted(name, shape, arrangement));
        }
        int out = arrangement.out(shape);
        int in = arrangement.in(shape);
        var data = packing.memory().allocate(packing.format().bytes(out, in));
        var weights = new PackedWeights(packing.format(), out, in, data);
        try (var source = new MatrixSource(ledger.checkpoint(), name, arrangement, packing.format())) {
            for (int row = 0; row < out; row += source.rowsAtOnce()) {
                source.pack(row, Math.min(source.rowsAtOnce(), out - row), packing.packer(), weights);
            }
        }
        return weights;
    }
}
