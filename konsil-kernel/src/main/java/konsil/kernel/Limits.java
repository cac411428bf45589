package konsil.kernel;

import java.util.Arrays;
import java.util.Optional;
import konsil.kernel.code.CodeMemory;
import konsil.kernel.code.MachineCode;
import konsil.kernel.code.Probe;

/**
 * What the processor can do at best, measured by loops that do nothing else: the limits that benchmarks are held
 * against. Only on processors that run {@link MachineKernels}.
 */
public final class Limits implements AutoCloseable {
    private static final int REPETITIONS = 15;
    private static final long ROUNDS = 200_000;
    private static final long READ_BYTES = 512L << 20;
    private static final int READ_CHUNKS = 64;

    private final CodeMemory code;
    private final CpuFeatures features;
    private final NativeMemory memory = new NativeMemory();
    private long readFrom;

    private Limits(CodeMemory code, CpuFeatures features) {
        this.code = code;
        this.features = features;
    }

    /** Nothing where machine code cannot run. */
    public static Optional<Limits> here() {
        if (!Libc.onLinux() || !System.getProperty("os.arch").equals("amd64")) {
            return Optional.empty();
        }
        try {
            var code = new CodeMemory(new ExecutablePages()::install);
            var features = CpuFeatures.ask(code);
            return features.enough() ? Optional.of(new Limits(code, features)) : Optional.empty();
        } catch (UnsupportedOperationException | IllegalCallerException _) {
            return Optional.empty();
        }
    }

    /**
     * The arithmetic that products with weights of a format can be held against. Where the processor has no dot product
     * of bf16, that is f32's, to which bf16 is widened.
     */
    public Probe probe(WeightFormat format) {
        return switch (format) {
            case F32 -> Probe.F32_PEAK;
            case BF16 -> features.bf16() ? Probe.BF16_PEAK : Probe.F32_PEAK;
            case Q8_0, Q4_0 -> Probe.INT8_PEAK;
        };
    }

    /** Operations a second that all cores of the pool reach together; the best of several tries. */
    public double peak(Probe probe, Workers workers) {
        MachineCode routine = code.code(probe);
        int turns = 4 * workers.cores();
        double seconds = best(() -> workers.run(turns, _ -> routine.call(ROUNDS / 4, 0, 0, 0, 0, 0)));
        return probe.operationsPerRound() * (ROUNDS / 4) * turns / seconds;
    }

    /** Bytes a second that all cores of the pool read from memory; one try over memory far larger than any cache. */
    public double readOnce(Workers workers) {
        if (readFrom == 0) {
            var data = memory.allocate(READ_BYTES);
            data.fill((byte) 1);
            readFrom = data.address();
        }
        MachineCode routine = code.code(Probe.READ);
        long bytes = READ_BYTES / READ_CHUNKS;
        long start = System.nanoTime();
        workers.run(
                READ_CHUNKS,
                chunk -> routine.call(bytes / Probe.BYTES_PER_ROUND, readFrom + chunk * bytes, 0, 0, 0, 0));
        return READ_BYTES / ((System.nanoTime() - start) * 1e-9);
    }

    /** Memory that measuring has taken and not given back. */
    public long heldBytes() {
        return readFrom == 0 ? 0 : READ_BYTES;
    }

    private static double best(Runnable work) {
        var seconds = new double[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            long start = System.nanoTime();
            work.run();
            seconds[i] = (System.nanoTime() - start) * 1e-9;
        }
        return Arrays.stream(seconds).min().orElseThrow();
    }

    @Override
    public void close() {
        memory.close();
    }
}
