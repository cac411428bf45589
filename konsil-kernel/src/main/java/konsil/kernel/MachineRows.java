package konsil.kernel;

import java.lang.foreign.MemorySegment;
import konsil.kernel.code.CodeMemory;
import konsil.kernel.code.Elementwise;
import konsil.kernel.code.MachineCode;
import konsil.kernel.code.Normalise;
import konsil.kernel.code.Rotate;

/** Operations that go over matrices row by row, each row by machine code. */
final class MachineRows {
    private static final int LANES = 16;

    /** So many floats keep a core busy for some ten microseconds, against which handing out work is cheap. */
    private static final int FLOATS_PER_CHUNK = 1 << 15;

    private final CodeMemory code;
    private final Scratch scratch;
    private final Workers workers;

    MachineRows(CodeMemory code, Scratch scratch, Workers workers) {
        this.code = code;
        this.scratch = scratch;
        this.workers = workers;
    }

    /** y = f(a, b, factor) for every element; b has as many rows as a, or one row for all. */
    void elementwise(Elementwise.Function f, Rows a, Rows b, float factor, Rows y) {
        var routine = code.code(new Elementwise(f));
        withParameters(
                a.cols(),
                factor,
                0,
                parameters -> eachRow(a, row -> {
                    long second = b.address(b.rows() == 1 ? 0 : row);
                    routine.call(a.address(row), second, y.address(row), a.cols() / LANES, parameters, 0);
                }));
    }

    void rmsNorm(Rows x, Rows weight, float eps, Rows y) {
        normalise(code.code(new Normalise(false)), x, weight, weight, eps, y);
    }

    void layerNorm(Rows x, Rows weight, Rows bias, float eps, Rows y) {
        normalise(code.code(new Normalise(true)), x, weight, bias, eps, y);
    }

    private void normalise(MachineCode routine, Rows x, Rows weight, Rows bias, float eps, Rows y) {
        withParameters(
                x.cols(),
                1f / x.cols(),
                eps,
                parameters -> eachRow(
                        x,
                        row -> routine.call(
                                x.address(row),
                                weight.address(0),
                                y.address(row),
                                x.cols() / LANES,
                                parameters,
                                bias.address(0))));
    }

    /** Only for head dimensions that are multiples of 32. */
    void rope(Rows x, int headDim, Rows cos, Rows sin, Rows y) {
        var routine = code.code(new Rotate(headDim / 2));
        eachRow(
                x,
                row -> routine.call(
                        x.address(row), cos.address(row), sin.address(row), y.address(row), x.cols() / headDim, 0));
    }

    private interface WithParameters {
        void run(long address);
    }

    private void withParameters(int cols, float first, float second, WithParameters body) {
        MemorySegment memory = scratch.take(Elementwise.PARAMETER_BYTES);
        try {
            RawMemory.setInt(memory.address(), (1 << cols % LANES) - 1);
            RawMemory.setInt(memory.address() + 4, 0);
            RawMemory.setFloat(memory.address() + 8, first);
            RawMemory.setFloat(memory.address() + 12, second);
            body.run(memory.address());
        } finally {
            scratch.give(memory);
        }
    }

    private void eachRow(Rows x, Workers.Task body) {
        if (x.cols() == 0) {
            return;
        }
        int perChunk = Math.max(1, FLOATS_PER_CHUNK / x.cols());
        workers.run(Math.ceilDiv(x.rows(), perChunk), chunk -> {
            int end = Math.min(x.rows(), (chunk + 1) * perChunk);
            for (int row = chunk * perChunk; row < end; row++) {
                body.run(row);
            }
        });
    }
}
