package konsil.kernel;

/** What the parts of {@link KernelsContract} work with. */
interface ContractFixture {
    /** Half of the distance of two floats at 1: the relative error of one rounding. */
    double ROUNDING = 0x1p-24;

    Matrices matrices();

    /** The plain loops. */
    Kernels reference();

    /** The implementation under test on one thread. */
    Kernels alone();

    /** The implementation under test on two threads. */
    Kernels shared();
}
