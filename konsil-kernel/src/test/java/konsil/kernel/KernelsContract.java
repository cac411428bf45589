package konsil.kernel;

import org.junit.jupiter.api.AfterEach;

/**
 * What {@link Kernels} promises, tried on one implementation: {@link ScalarKernels} is right within a tolerance that
 * each test explains, wherever bits must be equal they are, and nothing but the outputs is written.
 */
abstract class KernelsContract
        implements MatmulContract, AttentionContract, RowsContract, ElementsContract, ConvolutionContract {
    private final Matrices matrices = new Matrices();
    private final Workers one = new Workers(1);
    private final Workers two = new Workers(2);
    private final Kernels reference = new ScalarKernels(one);

    /** The implementation under test. */
    abstract Kernels create(Workers workers);

    private Kernels alone;
    private Kernels shared;

    @Override
    public Matrices matrices() {
        return matrices;
    }

    @Override
    public Kernels reference() {
        return reference;
    }

    @Override
    public Kernels alone() {
        if (alone == null) {
            alone = create(one);
        }
        return alone;
    }

    @Override
    public Kernels shared() {
        if (shared == null) {
            shared = create(two);
        }
        return shared;
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        matrices.close();
    }
}
