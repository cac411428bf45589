package konsil.kernel;

/** The reference keeps its own contract; {@link ScalarReferenceTest} holds it against double arithmetic. */
final class ScalarKernelsTest extends KernelsContract {
    @Override
    Kernels create(Workers workers) {
        return new CheckedKernels(new ScalarKernels(workers));
    }
}
