package konsil.tensor.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import konsil.kernel.PackedWeights;
import konsil.kernel.Rows;
import konsil.kernel.WeightPacker;

/** Finds the elements of a tensor within its packed matrix. */
final class PackedLayout {
    private static final ValueLayout.OfFloat TO = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private PackedLayout() {}

    /** The matrix that these bytes are. */
    static PackedWeights weights(Layout.Packed layout, List<Long> shape, MemorySegment bytes) {
        var arrangement = layout.arrangement();
        return new PackedWeights(layout.format(), arrangement.out(shape), arrangement.in(shape), bytes);
    }

    /** Row-major elements from {@code first} on, as many as {@code to} holds. */
    static void read(Layout.Packed layout, List<Long> shape, MemorySegment bytes, long first, MemorySegment to) {
        var weights = weights(layout, shape, bytes);
        long count = to.byteSize() / 4;
        try (var arena = Arena.ofConfined()) {
            var row = Rows.of(arena.allocate(Math.max(4, 4L * weights.in()), 64), 1, weights.in());
            int there = -1;
            for (long i = 0; i < count; i++) {
                var cell = Cell.of(layout.arrangement(), shape, first + i);
                if (cell.row != there) {
                    WeightPacker.unpackRow(weights, cell.row, row, 0);
                    there = cell.row;
                }
                to.set(TO, 4 * i, row.get(0, cell.column));
            }
        }
    }

    /** Where a row-major element of the tensor lies in the matrix. */
    private record Cell(int row, int column) {
        static Cell of(Arrangement arrangement, List<Long> shape, long element) {
            int in = arrangement.in(shape);
            return switch (arrangement) {
                case OUT_FIRST -> new Cell((int) (element / in), (int) (element % in));
                case TRANSPOSED -> new Cell((int) (element % shape.get(1)), (int) (element / shape.get(1)));
                case TAPS_FIRST -> {
                    int taps = Math.toIntExact(shape.get(2));
                    int channels = Math.toIntExact(shape.get(1));
                    int rest = (int) (element % in);
                    yield new Cell((int) (element / in), rest % taps * channels + rest / taps);
                }
            };
        }
    }
}
