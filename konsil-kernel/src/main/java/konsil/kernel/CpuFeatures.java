package konsil.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import konsil.kernel.code.CodeMemory;
import konsil.kernel.code.CpuId;

/**
 * The features that machine code needs, as CPUID reports them (Intel SDM volume 2, CPUID; AMD APM volume 3).
 *
 * @param avx512 AVX-512 F, BW and VL, with the registers saved by the operating system
 * @param vnni 8-bit dot products
 * @param bf16 bf16 dot products
 */
public record CpuFeatures(boolean avx512, boolean vnni, boolean bf16) {
    private static final int OSXSAVE = 27;
    private static final int AVX512F = 16;
    private static final int AVX512BW = 30;
    private static final int AVX512VL = 31;
    private static final int AVX512_VNNI = 11;
    private static final int AVX512_BF16 = 5;
    private static final int ZMM_SAVED = 0b1110_0110;

    /** Asks the processor; the caller has made sure that it is an x86-64. */
    static CpuFeatures ask(CodeMemory code) {
        try (var arena = Arena.ofConfined()) {
            var answer = arena.allocate(16, 16);
            if (query(code, 0, 0, answer)[0] < 7 || !bit(query(code, 1, 0, answer)[2], OSXSAVE)) {
                return new CpuFeatures(false, false, false);
            }
            code.code(CpuId.SAVED_REGISTERS).call(0, 0, answer.address(), 0, 0, 0);
            boolean saved = (answer.get(ValueLayout.JAVA_INT, 0) & ZMM_SAVED) == ZMM_SAVED;
            int[] leaf7 = query(code, 7, 0, answer);
            boolean bf16 = leaf7[0] >= 1 && bit(query(code, 7, 1, answer)[0], AVX512_BF16);
            boolean avx512 = saved && bit(leaf7[1], AVX512F) && bit(leaf7[1], AVX512BW) && bit(leaf7[1], AVX512VL);
            return new CpuFeatures(avx512, avx512 && bit(leaf7[2], AVX512_VNNI), avx512 && bf16);
        }
    }

    private static int[] query(CodeMemory code, int leaf, int subleaf, MemorySegment answer) {
        code.code(CpuId.QUERY).call(leaf, subleaf, answer.address(), 0, 0, 0);
        return answer.toArray(ValueLayout.JAVA_INT);
    }

    private static boolean bit(int word, int number) {
        return (word >>> number & 1) == 1;
    }

    /** Whether {@link MachineKernels} can run at all. */
    public boolean enough() {
        return avx512 && vnni;
    }

    /** What is missing, by the names that /proc/cpuinfo uses. */
    public List<String> missing() {
        var names = new ArrayList<String>();
        if (!avx512) {
            names.add("avx512f, avx512bw, avx512vl");
        }
        if (!vnni) {
            names.add("avx512_vnni");
        }
        if (!bf16) {
            names.add("avx512_bf16");
        }
        return names;
    }
}
