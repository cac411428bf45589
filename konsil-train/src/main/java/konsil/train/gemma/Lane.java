package konsil.train.gemma;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import konsil.kernel.NativeMemory;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;
import konsil.train.TrainingEngine;
import konsil.train.lora.DropoutMasks;
import konsil.train.optim.Learnable;

/** One of the ways on which examples of a step are computed side by side, with memory and gradients of its own. */
public final class Lane implements AutoCloseable {
    private final Workspace space;
    private final NativeMemory memory = new NativeMemory();
    private final DropoutMasks masks;
    private final TrainingEngine engine;
    private final GemmaLearner learner;
    private final GemmaLearner.Learning learning;
    private final Network plain;
    private final Map<Tensor, Tensor> sums = new LinkedHashMap<>();
    private final Set<Tensor> used = new HashSet<>();

    Lane(Subject subject, TrainingEngine engine, SoftTokenStore seen, Keeping keeping) {
        this.space = engine.workspace();
        this.engine = engine;
        masks = new DropoutMasks(subject.dropout(), keeping == Keeping.STEPS);
        learner = new GemmaLearner(engine, seen);
        for (var learnable : subject.learnables()) {
            sums.put(learnable.values(), Tensor.zeros(memory, learnable.values().shape()));
        }
        var tensors = subject.learnables().stream().map(Learnable::values).collect(Collectors.toSet());
        learning = new GemmaLearner.Learning(subject.training(masks), tensors, subject.ofImages(), keeping);
        plain = subject.plain();
    }

    public TrainingEngine engine() {
        return engine;
    }

    public GemmaLearner learner() {
        return learner;
    }

    /** What is trained. */
    public Set<Tensor> trained() {
        return learning.tensors();
    }

    /** Gradients to which those of the next examples are added. */
    Map<Tensor, Tensor> sums() {
        return sums;
    }

    /** Tensors that have a gradient since {@link #zero}. */
    Set<Tensor> used() {
        return used;
    }

    void zero() {
        sums.values().forEach(sum -> sum.rows().clear());
        used.clear();
    }

    /** Learns the next tokens of an example. @param seed of what is left out of it */
    double learn(Example example, double divisor, long seed) throws IOException {
        masks.begin(seed);
        var learnt = learner.learn(learning, example, divisor, sums);
        used.addAll(learnt.used());
        return learnt.loss();
    }

    /** Learns towards another objective. */
    double learn(Example example, long seed, GemmaLearner.Objective objective) throws IOException {
        masks.begin(seed);
        var learnt = learner.learn(learning, example, sums, objective);
        used.addAll(learnt.used());
        return learnt.loss();
    }

    /** The loss as the model is used. */
    double loss(Example example, double divisor) throws IOException {
        return learner.loss(plain, example, divisor);
    }

    @Override
    public void close() {
        masks.close();
        space.close();
        memory.close();
    }
}
