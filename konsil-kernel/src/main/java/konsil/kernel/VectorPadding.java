package konsil.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Rows made to end with a whole vector, so that loops over them need no special case for the last columns. Where they
 * do so by themselves, nothing is copied.
 */
final class VectorPadding {
    private static final int L = Lanes.COUNT;

    private final Scratch scratch;
    private final Workers workers;

    VectorPadding(Scratch scratch, Workers workers) {
        this.scratch = scratch;
        this.workers = workers;
    }

    /** An operation on a row; x and y may be the same memory. */
    @FunctionalInterface
    interface RowTask {
        void run(int row, long x, long y);
    }

    /** Runs a task for each row of x and y; where rows are copied, x and y are the same copy, which goes to y. */
    void eachRow(Rows x, Rows y, float filler, RowTask task) {
        int cols = x.cols();
        VectorElements.eachRow(workers, x, r -> {
            if (cols % L == 0) {
                task.run(r, x.address(r), y.address(r));
                return;
            }
            var copy = padded(x.address(r), cols, filler);
            task.run(r, copy.address(), copy.address());
            Lanes.copy(copy.address(), y.address(r), cols);
            scratch.give(copy);
        });
    }

    /** Runs a task that only reads, for each row of x. */
    void eachRow(Rows x, float filler, RowTask task) {
        VectorElements.eachRow(workers, x, r -> {
            if (x.cols() % L == 0) {
                task.run(r, x.address(r), 0);
                return;
            }
            var copy = padded(x.address(r), x.cols(), filler);
            task.run(r, copy.address(), 0);
            scratch.give(copy);
        });
    }

    /** The only row of weights or of a bias, padded with zeros; to be given back. */
    MemorySegment padded(Rows vector) {
        return vector.cols() % L == 0 ? vector.data() : padded(vector.address(0), vector.cols(), 0);
    }

    void giveBack(MemorySegment padded, Rows vector) {
        if (vector.cols() % L != 0) {
            scratch.give(padded);
        }
    }

    private MemorySegment padded(long x, int cols, float filler) {
        var copy = scratch.take(4L * Math.ceilDiv(cols, L) * L);
        Lanes.copy(x, copy.address(), cols);
        for (int i = cols; i % L != 0; i++) {
            RawMemory.setFloat(copy.address() + 4L * i, filler);
        }
        return copy;
    }
}
