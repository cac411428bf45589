package konsil.tensor;

/**
 * A matrix that a network multiplies by: y = W x for each row x. Networks hold projections and never ask which kind; an
 * adapter turns a dense or quantised one into a low-rank one and the network stays as it is.
 */
public sealed interface Projection {
    /** Values per row that go in. */
    int in();

    /** Values per row that come out. */
    int out();

    /** Dense for F32 and BF16, quantised for Q8_0 and Q4_0; {@code weight} is (out, in). */
    static Projection of(Tensor weight) {
        return weight.dtype().quantised() ? new Quantised(weight) : new Dense(weight);
    }

    /**
     * Numbers as they are, F32 or BF16: what a full fine-tuning may change and an adapter can be merged into.
     *
     * @param weight (out, in), packed or plain f32
     */
    record Dense(Tensor weight) implements Projection {
        public Dense {
            Require.rank("projection", "weight", weight, 2);
            if (weight.dtype().quantised()) {
                throw new ShapeException("projection", "weight", "f32 or bf16", weight.toString());
            }
        }

        @Override
        public int in() {
            return weight.dim(1);
        }

        @Override
        public int out() {
            return weight.dim(0);
        }
    }

    /**
     * Small integers with a scale per block, frozen for good; the rows that it multiplies are rounded to integers too.
     *
     * @param weight (out, in), packed Q8_0 or Q4_0
     */
    record Quantised(Tensor weight) implements Projection {
        public Quantised {
            Require.rank("projection", "weight", weight, 2);
            if (!weight.dtype().quantised()) {
                throw new ShapeException("projection", "weight", "q8_0 or q4_0", weight.toString());
            }
        }

        @Override
        public int in() {
            return weight.dim(1);
        }

        @Override
        public int out() {
            return weight.dim(0);
        }
    }

    /**
     * A frozen projection and a trainable update of small rank, y = base(x) + scale * b(a(x)) (LoRA, arXiv:2106.09685).
     *
     * @param a (rank, in), plain f32 where it is trained, packed in any dense format where it is only used
     * @param b (out, rank), same
     * @param scale alpha / rank, or alpha / sqrt(rank) for rank-stabilised adapters
     */
    record LowRank(Projection base, Tensor a, Tensor b, float scale) implements Projection {
        public LowRank {
            Require.rank("low-rank projection", "a", a, 2);
            Require.shape("low-rank projection", "a", a, a.dim(0), base.in());
            Require.shape("low-rank projection", "b", b, base.out(), a.dim(0));
        }

        @Override
        public int in() {
            return base.in();
        }

        @Override
        public int out() {
            return base.out();
        }
    }

    /**
     * A low-rank update while it is trained with dropout: y = base(x) + scale * b(a(x * mask)). It takes a mask of its
     * own each time it is run, and must get the same one when a block is run again.
     *
     * @param masks give them
     */
    record ThinnedLowRank(LowRank plain, Masks masks) implements Projection {
        @Override
        public int in() {
            return plain.in();
        }

        @Override
        public int out() {
            return plain.out();
        }
    }

    /** Where the masks of dropout come from. */
    @FunctionalInterface
    interface Masks {
        /**
         * A mask of zeros and, so that the mean stays, values above 1.
         *
         * @param rows of what is to be thinned out
         * @return (rows, in), plain f32, none negative, alive as long as what is computed with it
         */
        Tensor mask(int rows);
    }
}
