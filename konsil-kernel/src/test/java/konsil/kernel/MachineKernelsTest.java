package konsil.kernel;

import static org.assertj.core.api.Assumptions.assumeThat;

import konsil.kernel.code.CodeMemory;

/** The contract on machine code as this processor runs it; needs AVX-512 with VNNI. */
class MachineKernelsTest extends KernelsContract {
    private final CodeMemory code = new CodeMemory(new ExecutablePages()::install);

    @Override
    Kernels create(Workers workers) {
        var features = CpuFeatures.ask(code);
        assumeThat(features.enough()).as("AVX-512 with VNNI").isTrue();
        return new MachineKernels(code, features, workers, new ScalarKernels(workers));
    }
}
