package konsil.tensor.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konsil.kernel.PackedWeights;
import konsil.kernel.Rows;
import konsil.kernel.WeightFormat;
import konsil.kernel.WeightPacker;

/**
 * A row-major tensor of a checkpoint, read as a matrix (out, in) some rows at a time, so that packing needs little
 * memory whatever the tensor's size. Blocks of GGUF that already have the wanted format are moved, not quantised again.
 */
final class MatrixSource implements AutoCloseable {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    /** Floats that are held at once, if a group of rows is not larger than that. */
    private static final int FLOATS_AT_ONCE = 2 << 20;
    /** A multiple of every format's group of rows. */
    private static final int ROW_STEP = 32;
    /** Rows that are columns of the file come in whole blocks. */
    private static final int TRANSPOSED_STEP = 256;

    private final Arena arena = Arena.ofConfined();
    private final Checkpoint checkpoint;
    private final TensorInfo info;
    private final Arrangement arrangement;
    private final boolean moves;
    private final int out;
    private final int in;
    private final int rowsAtOnce;
    private final MemorySegment floats;
    private final MemorySegment piece;

    MatrixSource(Checkpoint checkpoint, String name, Arrangement arrangement, WeightFormat wanted) {
        this.checkpoint = checkpoint;
        this.info = checkpoint.info(name);
        this.arrangement = arrangement;
        this.out = arrangement.out(info.shape());
        this.in = arrangement.in(info.shape());
        this.moves = arrangement == Arrangement.OUT_FIRST
                && wanted.quantised()
                && info.type().name().equals(wanted.name());
        int step = arrangement == Arrangement.TRANSPOSED ? TRANSPOSED_STEP : ROW_STEP;
        this.rowsAtOnce = Math.max(step, FLOATS_AT_ONCE / Math.max(1, in) / step * step);
        long held = moves ? 0 : Math.min(rowsAtOnce, out);
        long run =
                switch (arrangement) {
                    case OUT_FIRST -> 0;
                    case TRANSPOSED -> held;
                    case TAPS_FIRST -> Math.min(1, held) * in;
                };
        this.floats = arena.allocate(Math.max(4, 4 * held * in), 64);
        this.piece = arena.allocate(Math.max(4, 4 * run), 64);
    }

    /** Rows for one call of {@link #pack}; whole groups of every format. */
    int rowsAtOnce() {
        return rowsAtOnce;
    }

    /**
     * Packs rows {@code first} to {@code first + count - 1}.
     *
     * @param into the whole matrix, or just these rows
     */
    void pack(int first, int count, WeightPacker packer, PackedWeights into) {
        int row = into.out() == out ? first : 0;
        if (moves) {
            long rowBytes = info.type().bytes(in);
            var blocks = checkpoint.bytes(info.name()).asSlice(first * rowBytes, count * rowBytes);
            packer.packBlocks(blocks, into, row, count);
            return;
        }
        switch (arrangement) {
            case OUT_FIRST -> checkpoint.readF32(info.name(), (long) first * in, (long) count * in, floats);
            case TRANSPOSED -> readTransposed(first, count);
            case TAPS_FIRST -> readTapsFirst(first, count);
        }
        packer.pack(Rows.of(floats, count, in), into, row);
    }

    /** Columns of the file become rows; each of its rows gives a run of {@code count} values. */
    private void readTransposed(int first, int count) {
        for (int column = 0; column < in; column++) {
            checkpoint.readF32(info.name(), (long) column * out + first, count, piece);
            for (int row = 0; row < count; row++) {
                floats.set(F32, 4L * ((long) row * in + column), piece.get(F32, 4L * row));
            }
        }
    }

    private void readTapsFirst(int first, int count) {
        int channels = Math.toIntExact(info.shape().get(1));
        int taps = Math.toIntExact(info.shape().get(2));
        for (int row = 0; row < count; row++) {
            checkpoint.readF32(info.name(), (long) (first + row) * in, in, piece);
            for (int i = 0; i < in; i++) {
                long column = (long) (i % taps) * channels + i / taps;
                floats.set(F32, 4L * ((long) row * in + column), piece.get(F32, 4L * i));
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
