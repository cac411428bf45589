package konsil.tensor.nets;

import java.util.LinkedHashMap;
import java.util.List;
import konsil.kernel.KernelChoice;
import konsil.kernel.Kernels;
import konsil.kernel.Workers;

/** Every implementation of the kernels that this machine can run, the reference first. */
public final class AllKernels {
    private AllKernels() {}

    public static List<Kernels> of(Workers workers) {
        var byName = new LinkedHashMap<String, Kernels>();
        for (var kind : KernelChoice.Kind.values()) {
            var kernels = KernelChoice.of(kind, workers).kernels();
            byName.putIfAbsent(kernels.name(), kernels);
        }
        return List.copyOf(byName.values());
    }
}
