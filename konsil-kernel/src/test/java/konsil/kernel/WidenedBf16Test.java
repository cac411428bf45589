package konsil.kernel;

import static org.assertj.core.api.Assumptions.assumeThat;

import konsil.kernel.code.CodeMemory;

/** The contract on machine code for processors without a dot product of bf16, whether this one has it or not. */
class WidenedBf16Test extends KernelsContract {
    private final CodeMemory code = new CodeMemory(new ExecutablePages()::install);

    @Override
    Kernels create(Workers workers) {
        var features = CpuFeatures.ask(code);
        assumeThat(features.enough()).as("AVX-512 with VNNI").isTrue();
        var without = new CpuFeatures(features.avx512(), features.vnni(), false);
        return new MachineKernels(code, without, workers, new ScalarKernels(workers));
    }
}
