package konsil.tensor;

import java.util.List;
import konsil.kernel.Activation;

/**
 * One remembered op: its arguments and what came out. Sealed, so that whoever walks a tape handles every kind or does
 * not compile. Arguments mean what they mean in {@link Ops}. Steps are looked through, never compared.
 */
@SuppressWarnings("ArrayRecordComponent")
public sealed interface Step {
    /** What the op returned. */
    Tensor out();

    /** The tensors it read and whose gradients can be asked for; frozen statistics are not among them. */
    List<Tensor> inputs();

    record Embed(int[] ids, Tensor table, float factor, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(table);
        }
    }

    record Linear(Tensor x, Tensor weight, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x, weight);
        }
    }

    record AddBias(Tensor x, Tensor bias, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x, bias);
        }
    }

    record Add(Tensor a, Tensor b, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(a, b);
        }
    }

    record Scale(Tensor x, float factor, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }
    }

    record RmsNorm(Tensor x, Tensor weight, float eps, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x, weight);
        }
    }

    record LayerNorm(Tensor x, Tensor weight, Tensor bias, float eps, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x, weight, bias);
        }
    }

    record BatchNorm(Tensor x, BatchStatistics statistics, Tensor weight, Tensor bias, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x, weight, bias);
        }
    }

    record Rope(Tensor x, RopeTable table, long[] positions, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }
    }

    /** Keys and values passed straight through, so they begin at position 0. */
    record Attention(Tensor q, Tensor k, Tensor v, AttentionSpec spec, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(q, k, v);
        }
    }

    record Activate(Activation f, Tensor x, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }
    }

    record Gate(Activation f, Tensor gate, Tensor up, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(gate, up);
        }
    }

    record Glu(Tensor x, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }
    }

    record Conv1d(Tensor x, Tensor weight, int stride, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x, weight);
        }
    }

    record DepthwiseConv1d(Tensor x, Tensor taps, int left, int[] lengths, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x, taps);
        }
    }

    record Patches(Tensor image, int patch, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(image);
        }
    }

    record AveragePool(Tensor x, int pool, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }
    }

    record ScatterRows(Tensor x, int[] rows, Tensor values, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x, values);
        }
    }

    /**
     * A chain of which only what its links were given is kept; {@link TapeOps#replay} runs a link again.
     *
     * @param first the first link whose result a trainable tensor reaches
     * @param given what each link from {@code first} on was given
     */
    record Chain(int first, List<Tensor> given, Ops.Link link, Tensor out) implements Step {
        public Chain {
            given = List.copyOf(given);
        }

        @Override
        public List<Tensor> inputs() {
            return List.of(given.getFirst());
        }
    }

    record SelectRows(Tensor x, int[] rows, Tensor out) implements Step {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }
    }
}
