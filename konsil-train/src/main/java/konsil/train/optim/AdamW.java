package konsil.train.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.kernel.Workers;
import konsil.tensor.Tensor;

/**
 * Adam with decoupled weight decay (arXiv:1711.05101), rounding as torch.optim.AdamW does on a CPU with foreach and
 * fused off: every intermediate in f32, the scalars in double. For one thread at a time.
 */
public final class AdamW {
    private final AdamWSettings settings;
    private final Workers workers;
    private final List<Moments> moments = new ArrayList<>();

    /** What is remembered of one tensor's gradients. */
    private static final class Moments {
        private final Learnable of;
        private final float[] mean;
        private final float[] square;
        private long steps;

        Moments(Learnable of) {
            this.of = of;
            int size = Math.toIntExact(of.values().size());
            mean = new float[size];
            square = new float[size];
        }
    }

    /** @param learnables whose sizes fit arrays */
    public AdamW(List<Learnable> learnables, AdamWSettings settings, Workers workers) {
        this.settings = settings;
        this.workers = workers;
        for (var learnable : learnables) {
            moments.add(new Moments(learnable));
        }
    }

    /**
     * Changes values. A tensor without a gradient, one that no example used, is left alone: it does not decay, and its
     * next step counts on from its last one.
     *
     * @param gradients of learnables, same shape
     * @param scale what gradients are multiplied by first: 1, or what clipping asks for
     */
    public void step(Map<Tensor, Tensor> gradients, double learningRate, double scale) {
        var used = moments.stream()
                .filter(m -> gradients.containsKey(m.of.values()))
                .toList();
        workers.run(used.size(), i -> {
            var m = used.get(i);
            var factors = new Factors(settings, learningRate, ++m.steps, (float) scale);
            float[] values = m.of.values().toArray();
            factors.update(values, gradients.get(m.of.values()).toArray(), m);
            m.of.values().copyFrom(values);
        });
    }

    /** The numbers of one step, as torch rounds them. */
    private record Factors(
            float shrink,
            float toMean,
            float keepSquare,
            float toSquare,
            float minusStep,
            float rootOfBias,
            float eps,
            float scale) {
        Factors(AdamWSettings s, double learningRate, long step, float scale) {
            this(
                    (float) (1 - learningRate * s.weightDecay()),
                    (float) (1 - s.beta1()),
                    (float) s.beta2(),
                    (float) (1 - s.beta2()),
                    (float) -(learningRate / (1 - Math.pow(s.beta1(), (double) step))),
                    (float) Math.sqrt(1 - Math.pow(s.beta2(), (double) step)),
                    (float) s.eps(),
                    scale);
        }

        void update(float[] values, float[] gradient, Moments m) {
            boolean decays = m.of.decays();
            for (int i = 0; i < values.length; i++) {
                float g = gradient[i] * scale;
                float w = decays ? values[i] * shrink : values[i];
                m.mean[i] += toMean * (g - m.mean[i]);
                m.square[i] = m.square[i] * keepSquare + toSquare * g * g;
                float root = (float) Math.sqrt(m.square[i]) / rootOfBias + eps;
                values[i] = w + minusStep * m.mean[i] / root;
            }
        }
    }

    /** Its memory, by the names of learnables; the arrays are its own. */
    public Map<String, State> state() {
        var state = new LinkedHashMap<String, State>();
        moments.forEach(m -> state.put(m.of.name(), new State(m.steps, m.mean, m.square)));
        return state;
    }

    /**
     * What is remembered of one learnable.
     *
     * @param steps that it was changed in
     * @param mean of its gradients
     * @param square mean of their squares
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record State(long steps, float[] mean, float[] square) {}

    /**
     * Goes on where another left off.
     *
     * @param state for each learnable, of its size
     */
    public void restore(Map<String, State> state) {
        for (var m : moments) {
            var from = state.get(m.of.name());
            m.steps = from.steps();
            System.arraycopy(from.mean(), 0, m.mean, 0, m.mean.length);
            System.arraycopy(from.square(), 0, m.square, 0, m.square.length);
        }
    }
}
