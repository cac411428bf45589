package konsil.tensor.nets;

import java.util.List;
import konsil.kernel.CheckedKernels;
import konsil.kernel.Kernels;
import konsil.kernel.ScalarKernels;
import konsil.kernel.Workers;

/** Every implementation of the kernels that this machine can run. */
public final class AllKernels {
    private AllKernels() {}

    public static List<Kernels> of(Workers workers) {
        return List.of(new CheckedKernels(new ScalarKernels(workers)));
    }
}
