package konsil.train.gemma;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import konsil.kernel.Kernels;
import konsil.kernel.Workers;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;
import konsil.train.Gradients;
import konsil.train.TrainingEngine;
import konsil.train.optim.Learnable;

/**
 * Computes the examples of a step. A large model takes one after the other, each on all threads; of a small one, whose
 * products are too short to be shared, every thread takes examples of its own. Which lane takes which example and the
 * order of sums follow from the examples alone, so the same lanes give the same numbers.
 */
public final class Lanes implements AutoCloseable {
    /** Values of a model above which an example gets all threads, and each block is run again on the way back. */
    private static final long LARGE = 64L << 20;

    private final List<Learnable> learnables;
    private final Workers workers;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Workers> own = new ArrayList<>();

    /**
     * What computes.
     *
     * @param count how many lanes
     * @param keeping how much of the way forward is kept
     * @param memory bytes of working memory for each lane
     */
    public record Plan(int count, Keeping keeping, long memory) {
        private static final long MEMORY = 16L << 30;

        /** What goes well with a model of so many values and steps of so many examples. */
        public static Plan of(long values, int batch, int cores) {
            boolean large = values > LARGE;
            return new Plan(
                    large ? 1 : Math.max(1, Math.min(batch, cores)),
                    large ? Keeping.LINK_INPUTS : Keeping.STEPS,
                    MEMORY);
        }
    }

    public Lanes(Subject subject, Kernels kernels, Workers workers, Plan plan, SoftTokenStore seen) {
        this.learnables = subject.learnables();
        this.workers = workers;
        for (int i = 0; i < plan.count(); i++) {
            if (plan.count() > 1) {
                own.add(new Workers(1));
            }
            var engine = new TrainingEngine(
                    kernels, plan.count() > 1 ? own.getLast() : workers, new Workspace(plan.memory()));
            lanes.add(new Lane(subject, engine, seen, plan.keeping()));
        }
    }

    /** Something to be computed on a lane. */
    public interface Task {
        /** How long it takes, in any unit. */
        int size();

        double run(Lane lane) throws IOException;
    }

    /** Learning the next tokens of an example. */
    public static Task learn(Example example, double divisor, long seed) {
        return task(example, lane -> lane.learn(example, divisor, seed));
    }

    /** Learning towards another objective. */
    public static Task learn(Example example, long seed, LaneObjective objective) {
        return task(
                example,
                lane -> lane.learn(
                        example, seed, (network, hidden, gradients) -> objective.of(lane, network, hidden, gradients)));
    }

    /** An objective that needs to know what computes. */
    @FunctionalInterface
    public interface LaneObjective {
        double of(Lane lane, Network network, Tensor hidden, Gradients gradients);
    }

    /** The loss alone. */
    public static Task loss(Example example, double divisor) {
        return task(example, lane -> lane.loss(example, divisor));
    }

    private interface Run {
        double on(Lane lane) throws IOException;
    }

    private static Task task(Example example, Run run) {
        return new Task() {
            @Override
            public int size() {
                return example.sequence().size();
            }

            @Override
            public double run(Lane lane) throws IOException {
                return run.on(lane);
            }
        };
    }

    /** Forgets all gradients. */
    public void zero() {
        lanes.forEach(Lane::zero);
    }

    /**
     * Runs tasks.
     *
     * @param stop asked before each one
     * @return the sum of what they gave, added in their order; empty when stopped
     * @throws IOException when one throws it
     */
    public OptionalDouble sum(List<Task> tasks, BooleanSupplier stop) throws IOException {
        var results = new double[tasks.size()];
        var stopped = new boolean[lanes.size()];
        var shares = shares(tasks);
        try {
            workers.run(lanes.size(), i -> stopped[i] = !run(lanes.get(i), shares.get(i), tasks, results, stop));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (boolean one : stopped) {
            if (one) {
                return OptionalDouble.empty();
            }
        }
        double sum = 0;
        for (double result : results) {
            sum += result;
        }
        return OptionalDouble.of(sum);
    }

    private static boolean run(
            Lane lane, List<Integer> share, List<Task> tasks, double[] results, BooleanSupplier stop) {
        for (int task : share) {
            if (stop.getAsBoolean()) {
                return false;
            }
            try {
                results[task] = tasks.get(task).run(lane);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return true;
    }

    /** The longest first, each to the lane that has least to do. */
    private List<List<Integer>> shares(List<Task> tasks) {
        var shares = new ArrayList<List<Integer>>();
        lanes.forEach(_ -> shares.add(new ArrayList<>()));
        var loads = new long[lanes.size()];
        IntStream.range(0, tasks.size())
                .boxed()
                .sorted(Comparator.comparingInt(
                                (Integer task) -> -tasks.get(task).size())
                        .thenComparingInt(task -> task))
                .forEach(task -> {
                    int least = 0;
                    for (int lane = 1; lane < loads.length; lane++) {
                        least = loads[lane] < loads[least] ? lane : least;
                    }
                    loads[least] += tasks.get(task).size();
                    shares.get(least).add(task);
                });
        return shares;
    }

    /** The gradients of all lanes, added up, of tensors that some example used; in the order of what is trained. */
    public Map<Tensor, Tensor> gradients() {
        var gradients = new LinkedHashMap<Tensor, Tensor>();
        var first = lanes.getFirst();
        for (var learnable : learnables) {
            Tensor values = learnable.values();
            if (lanes.stream().anyMatch(lane -> lane.used().contains(values))) {
                gradients.put(values, first.sums().get(values));
            }
        }
        if (lanes.size() > 1) {
            var tensors = List.copyOf(gradients.keySet());
            workers.run(tensors.size(), i -> addUp(tensors.get(i)));
        }
        return gradients;
    }

    private void addUp(Tensor values) {
        float[] sum = lanes.getFirst().sums().get(values).toArray();
        for (var lane : lanes.subList(1, lanes.size())) {
            float[] more = lane.sums().get(values).toArray();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += more[i];
            }
        }
        lanes.getFirst().sums().get(values).copyFrom(sum);
    }

    /** How many. */
    public int count() {
        return lanes.size();
    }

    /** The lane for what is not shared. */
    public Lane first() {
        return lanes.getFirst();
    }

    @Override
    public void close() {
        lanes.forEach(Lane::close);
        own.forEach(Workers::close);
    }
}
