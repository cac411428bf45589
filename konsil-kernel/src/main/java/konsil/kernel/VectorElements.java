package konsil.kernel;

/** Operations on each element by itself, row by row. */
final class VectorElements {
    /** Elements that are worth a share of their own. */
    private static final int SHARE = 1 << 14;

    private static final int L = Lanes.COUNT;

    private final Scratch scratch;
    private final Workers workers;

    VectorElements(Scratch scratch, Workers workers) {
        this.scratch = scratch;
        this.workers = workers;
    }

    /** An operation on n elements at addresses, n being a multiple of the vector's length. */
    @FunctionalInterface
    interface Span {
        void run(long a, long b, long y, int n);
    }

    /** @param row what is done for one row, in any order and on any thread */
    static void eachRow(Workers workers, Rows y, Workers.Task row) {
        int rows = Math.clamp(SHARE / Math.max(1, y.cols()), 1, Math.max(1, y.rows()));
        workers.run(Math.ceilDiv(y.rows(), rows), share -> {
            for (int r = share * rows; r < Math.min(y.rows(), (share + 1) * rows); r++) {
                row.run(r);
            }
        });
    }

    /** @param b rows like those of a, or one for all of them */
    void each(Rows a, Rows b, Rows y, Span span) {
        boolean same = b.rows() == 1;
        eachRow(workers, y, r -> row(a.address(r), b.address(same ? 0 : r), y.address(r), y.cols(), span));
    }

    /** What is left after whole vectors is done in memory that has room for one. */
    private void row(long a, long b, long y, int cols, Span span) {
        int whole = cols / L * L;
        int left = cols - whole;
        span.run(a, b, y, whole);
        if (left == 0) {
            return;
        }
        var room = scratch.take(3L * Lanes.BYTES);
        try {
            long first = room.address();
            long second = first + Lanes.BYTES;
            Lanes.copy(a + 4L * whole, first, left);
            Lanes.copy(b + 4L * whole, second, left);
            span.run(first, second, second + Lanes.BYTES, L);
            Lanes.copy(second + Lanes.BYTES, y + 4L * whole, left);
        } finally {
            scratch.give(room);
        }
    }

    static void add(long a, long b, long y, int n) {
        for (int i = 0; i < n; i += L) {
            Lanes.store(Lanes.load(a + 4L * i).add(Lanes.load(b + 4L * i)), y + 4L * i);
        }
    }

    static void scale(long a, float factor, long y, int n) {
        for (int i = 0; i < n; i += L) {
            Lanes.store(Lanes.load(a + 4L * i).mul(factor), y + 4L * i);
        }
    }

    static void multiply(long a, long b, long y, int n) {
        for (int i = 0; i < n; i += L) {
            Lanes.store(Lanes.load(a + 4L * i).mul(Lanes.load(b + 4L * i)), y + 4L * i);
        }
    }

    static Span activation(Activation f) {
        return switch (f) {
            case GELU_TANH -> (a, _, y, n) -> geluTanh(a, y, n);
            case SILU -> (a, _, y, n) -> silu(a, y, n);
            case SIGMOID -> (a, _, y, n) -> sigmoid(a, y, n);
            case RELU -> (a, _, y, n) -> relu(a, y, n);
        };
    }

    static Span gate(Activation f) {
        return switch (f) {
            case GELU_TANH -> VectorElements::gateGeluTanh;
            case SILU -> VectorElements::gateSilu;
            case SIGMOID -> VectorElements::gateSigmoid;
            case RELU -> VectorElements::gateRelu;
        };
    }

    private static void geluTanh(long a, long y, int n) {
        for (int i = 0; i < n; i += L) {
            Lanes.store(VectorMath.geluTanh(Lanes.load(a + 4L * i)), y + 4L * i);
        }
    }

    private static void silu(long a, long y, int n) {
        for (int i = 0; i < n; i += L) {
            Lanes.store(VectorMath.silu(Lanes.load(a + 4L * i)), y + 4L * i);
        }
    }

    private static void sigmoid(long a, long y, int n) {
        for (int i = 0; i < n; i += L) {
            Lanes.store(VectorMath.sigmoid(Lanes.load(a + 4L * i)), y + 4L * i);
        }
    }

    private static void relu(long a, long y, int n) {
        for (int i = 0; i < n; i += L) {
            Lanes.store(VectorMath.relu(Lanes.load(a + 4L * i)), y + 4L * i);
        }
    }

    private static void gateGeluTanh(long a, long b, long y, int n) {
        for (int i = 0; i < n; i += L) {
            Lanes.store(VectorMath.geluTanh(Lanes.load(a + 4L * i)).mul(Lanes.load(b + 4L * i)), y + 4L * i);
        }
    }

    private static void gateSilu(long a, long b, long y, int n) {
        for (int i = 0; i < n; i += L) {
            Lanes.store(VectorMath.silu(Lanes.load(a + 4L * i)).mul(Lanes.load(b + 4L * i)), y + 4L * i);
        }
    }

    private static void gateSigmoid(long a, long b, long y, int n) {
        for (int i = 0; i < n; i += L) {
            Lanes.store(VectorMath.sigmoid(Lanes.load(a + 4L * i)).mul(Lanes.load(b + 4L * i)), y + 4L * i);
        }
    }

    private static void gateRelu(long a, long b, long y, int n) {
        for (int i = 0; i < n; i += L) {
            Lanes.store(VectorMath.relu(Lanes.load(a + 4L * i)).mul(Lanes.load(b + 4L * i)), y + 4L * i);
        }
    }
}
