package konsil.kernel;

/** The contract on the Vector API, at this processor's width or at the one that konsil.vector.bits asks for. */
class VectorKernelsTest extends KernelsContract {
    @Override
    Kernels create(Workers workers) {
        return new VectorKernels(workers);
    }
}
