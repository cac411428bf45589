package konsil.train;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import konsil.kernel.Kernels;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;

/**
 * Gradients on their way: which tensor has which, how they add up, and the memory they pass through. Memory that nobody
 * needs any more is used again; a {@link Scope} gives back all that was taken in it.
 */
final class GradientStore {
    private final Kernels kernels;
    private final Workspace workspace;

    /** Gradients that outlive every scope. */
    private final Map<Tensor, Tensor> sums = new HashMap<>();

    /** Those of {@link #sums} whose values count for nothing yet. */
    private final Set<Tensor> unwritten = new HashSet<>();

    private final Deque<Scope> scopes = new ArrayDeque<>();

    GradientStore(TrainingEngine engine, Map<Tensor, Tensor> sums) {
        this.kernels = engine.kernels();
        this.workspace = engine.workspace();
        this.sums.putAll(sums);
        scopes.push(new Scope(() -> {}));
    }

    /** What is known between its opening and its closing. */
    final class Scope implements AutoCloseable {
        private final Map<Tensor, Tensor> gradients = new HashMap<>();

        /** How many hold a gradient's memory; not to be changed when more than one does. */
        private final Map<Tensor, Integer> holders = new HashMap<>();

        private final Map<Long, Deque<Tensor>> free = new HashMap<>();
        private final Runnable close;

        private Scope(Runnable close) {
            this.close = close;
        }

        @Override
        public void close() {
            scopes.pop();
            close.run();
        }
    }

    /**
     * Opens a scope: memory taken until it is closed is given back then, gradients known before are not seen in it, but
     * for sums.
     */
    Scope scope() {
        var mark = workspace.mark();
        var scope = new Scope(mark::close);
        scopes.push(scope);
        return scope;
    }

    /** Makes room, outside of scopes to come, for the gradients of these tensors. */
    void prepare(Collection<Tensor> tensors) {
        for (var tensor : tensors) {
            if (!sums.containsKey(tensor)) {
                Tensor known = scopes.peek().gradients.remove(tensor);
                sums.put(tensor, known == null ? workspace.tensor(tensor.shape()) : known);
                if (known == null) {
                    unwritten.add(tensor);
                }
            }
        }
    }

    /** A tensor with undefined values, for {@link #add} or {@link #release}; not to be taken within a mark. */
    Tensor fresh(int... shape) {
        long size = 1;
        for (int dim : shape) {
            size *= dim;
        }
        var free = scopes.peek().free.get(size);
        Tensor tensor = free == null || free.isEmpty()
                ? workspace.tensor(shape)
                : free.pop().reshaped(shape);
        scopes.peek().holders.put(tensor, 1);
        return tensor;
    }

    /** One more holder. */
    Tensor retain(Tensor gradient) {
        scopes.peek().holders.merge(gradient, 1, Integer::sum);
        return gradient;
    }

    /** One holder less; the last one's memory is used again. */
    void release(Tensor gradient) {
        var scope = scopes.peek();
        if (scope.holders.merge(gradient, -1, Integer::sum) == 0) {
            scope.holders.remove(gradient);
            scope.free.computeIfAbsent(gradient.size(), _ -> new ArrayDeque<>()).push(gradient);
        }
    }

    /** Memory that ops took from the workspace becomes a gradient's. */
    Tensor adopt(Tensor gradient) {
        scopes.peek().holders.put(gradient, 1);
        return gradient;
    }

    /** Adds to the gradient of a tensor and takes over the holder's part in {@code gradient}. */
    void add(Tensor tensor, Tensor gradient) {
        var scope = scopes.peek();
        Tensor sum = sums.get(tensor);
        if (sum != null) {
            if (unwritten.remove(tensor)) {
                sum.copyFrom(gradient);
            } else {
                kernels.add(sum.rows(), gradient.rows(), sum.rows());
            }
            release(gradient);
            return;
        }
        Tensor known = scope.gradients.get(tensor);
        if (known == null) {
            scope.gradients.put(tensor, gradient);
            return;
        }
        Tensor into = alone(known) ? known : alone(gradient) ? gradient : fresh(tensor.shape());
        kernels.add(known.rows(), gradient.rows(), into.rows());
        scope.gradients.put(tensor, into);
        for (var used : new Tensor[] {known, gradient}) {
            if (used != into) {
                release(used);
            }
        }
    }

    private boolean alone(Tensor gradient) {
        return scopes.peek().holders.get(gradient) == 1;
    }

    /** The gradient of a tensor, zero if there was none, to be added to in place. */
    Tensor grow(Tensor tensor) {
        Tensor sum = sums.get(tensor);
        if (sum != null) {
            if (unwritten.remove(tensor)) {
                sum.rows().clear();
            }
            return sum;
        }
        Tensor known = scopes.peek().gradients.get(tensor);
        if (known == null || !alone(known)) {
            Tensor zeros = fresh(tensor.shape());
            zeros.rows().clear();
            add(tensor, zeros);
        }
        return scopes.peek().gradients.get(tensor);
    }

    /** Removes the gradient of a tensor; the caller holds it then. */
    Optional<Tensor> take(Tensor tensor) {
        return Optional.ofNullable(scopes.peek().gradients.remove(tensor));
    }

    Optional<Tensor> of(Tensor tensor) {
        Tensor sum = unwritten.contains(tensor) ? null : sums.get(tensor);
        return Optional.ofNullable(sum == null ? scopes.peek().gradients.get(tensor) : sum);
    }

    /** Whether gradients would be lost if the current scope were closed. */
    boolean holdsAny() {
        return !scopes.peek().gradients.isEmpty();
    }
}
