package konsil.train.asr;

import java.util.ArrayList;
import java.util.List;
import konsil.kernel.NativeMemory;
import konsil.medasr.Conformer;
import konsil.tensor.BatchStatistics;
import konsil.tensor.Tensor;

/**
 * Running mean and variance of a network's batch norms, as torch's BatchNorm keeps them: after each batch {@code
 * running += momentum * (batch - running)}, with the variance of the batch divided by one row less than it has.
 */
final class RunningStatistics implements AutoCloseable {
    private final NativeMemory memory = new NativeMemory();
    private final double momentum;
    private final List<Pair> pairs = new ArrayList<>();
    private final Conformer network;

    /** What is kept, and what the batch has. */
    private record Pair(BatchStatistics running, BatchStatistics batch) {}

    RunningStatistics(Conformer of, double momentum) {
        this.momentum = momentum;
        this.network = of.with(running -> {
            int columns = running.mean().dim(0);
            var batch = new BatchStatistics(
                    Tensor.zeros(memory, columns), Tensor.zeros(memory, columns), running.eps(), true);
            pairs.add(new Pair(running, batch));
            return batch;
        });
    }

    /** The network with batch norms that take their statistics from what they are given. */
    Conformer network() {
        return network;
    }

    /** Takes in the batch that the network ran last. @param rows frames of it in all */
    void learn(int rows) {
        double unbiased = (double) rows / Math.max(1, rows - 1);
        for (var pair : pairs) {
            move(pair.running().mean(), pair.batch().mean(), 1);
            move(pair.running().variance(), pair.batch().variance(), unbiased);
        }
    }

    private void move(Tensor running, Tensor batch, double factor) {
        float[] values = running.toArray();
        float[] seen = batch.toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] + momentum * (seen[i] * factor - values[i]));
        }
        running.copyFrom(values);
    }

    @Override
    public void close() {
        memory.close();
    }
}
