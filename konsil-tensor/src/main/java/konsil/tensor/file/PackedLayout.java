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
        if (to.byteSize() == 0) {
            return; // a matrix without rows may claim rows of any length
        }
        var weights = weights(layout, shape, bytes);
        try (var arena = Arena.ofConfined()) {
            var row = Rows.of(arena.allocate(Math.max(4, 4L * weights.in()), 64), 1, weights.in());
            switch (layout.arrangement()) {
                case OUT_FIRST -> readRows(weights, 1, first, to, row);
                case TAPS_FIRST -> readRows(weights, Math.toIntExact(shape.get(2)), first, to, row);
                case TRANSPOSED -> readTransposed(weights, first, to, row);
            }
        }
    }

    /** A row of the tensor is a row of the matrix, but for the order of taps and channels. */
    private static void readRows(PackedWeights weights, int taps, long first, MemorySegment to, Rows row) {
        long count = to.byteSize() / 4;
        int channels = weights.in() / Math.max(1, taps);
        int there = -1;
        for (long i = 0; i < count; i++) {
            int wanted = (int) ((first + i) / weights.in());
            if (wanted != there) {
                WeightPacker.unpackRow(weights, wanted, row, 0);
                there = wanted;
            }
            int element = (int) ((first + i) % weights.in());
            to.set(TO, 4 * i, row.get(0, element % taps * channels + element / taps));
        }
    }

    /** A column of the tensor is a row of the matrix; each is unpacked once. */
    private static void readTransposed(PackedWeights weights, long first, MemorySegment to, Rows row) {
        long end = first + to.byteSize() / 4;
        for (int column = 0; column < weights.out(); column++) {
            WeightPacker.unpackRow(weights, column, row, 0);
            for (int i = 0; i < weights.in(); i++) {
                long element = (long) i * weights.out() + column;
                if (element >= first && element < end) {
                    to.set(TO, 4 * (element - first), row.get(0, i));
                }
            }
        }
    }
}
