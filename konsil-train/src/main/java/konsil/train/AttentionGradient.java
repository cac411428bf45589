package konsil.train;

import java.util.ArrayList;
import java.util.List;
import konsil.kernel.KeyRanges;
import konsil.kernel.PackedWeights;
import konsil.kernel.Rows;
import konsil.kernel.SoftmaxRows;
import konsil.kernel.Transposition;
import konsil.kernel.WeightFormat;
import konsil.kernel.WeightPacker;
import konsil.tensor.Step;

/**
 * The way back through attention. Probabilities are computed again, a block of queries of one head at a time: S = q
 * k^T, P = softmax(S), dP = dy v^T, dS = P (dP - sum(P dP)), dq = dS k, dk = dS^T q, dv = P^T dy. Keys and values count
 * as they were given, not as a coarse cache rounded them.
 */
final class AttentionGradient {
    /** Scores of a block. */
    private static final int BLOCK_SCORES = 1 << 20;

    /** Queries of a block where later ones see keys that earlier ones do not. */
    private static final int CAUSAL_BLOCK = 96;

    private final TrainingEngine engine;
    private final Transposition transposition;
    private final WeightPacker packer;

    AttentionGradient(TrainingEngine engine, Transposition transposition) {
        this.engine = engine;
        this.transposition = transposition;
        this.packer = new WeightPacker(engine.workers());
    }

    /**
     * What comes out, written: shapes of q, k and v.
     *
     * @param dk same shape as k
     */
    record Out(Rows dq, Rows dk, Rows dv) {}

    /** Heads that share keys are done by one thread, as many at a time as there are threads. */
    void run(Step.Attention step, Rows dy, Out out) {
        int kvHeads = step.spec().shape().kvHeads();
        int slots = Math.min(kvHeads, engine.workers().cores());
        int queries = dy.rows();
        var visible = step.spec().mask().ranges(0, queries);
        boolean causal = queries > 0 && visible.to()[0] < queries;
        int most = Math.min(causal ? CAUSAL_BLOCK : queries, BLOCK_SCORES / Math.max(1, queries));
        int block = Math.clamp(most, 1, Math.max(1, queries));
        try (var _ = engine.workspace().mark()) {
            List<Room> rooms = new ArrayList<>();
            for (int slot = 0; slot < slots; slot++) {
                rooms.add(new Room(step, queries, block));
            }
            engine.workers().run(slots, slot -> {
                for (int head = slot; head < kvHeads; head += slots) {
                    new Heads(step, dy, out, visible, rooms.get(slot)).run(head, block);
                }
            });
        }
    }

    /** Memory of one thread. */
    private final class Room {
        final Rows scores;
        final Rows above;
        final Rows slopes;
        final Rows turned;
        final Rows turnedSum;
        final Rows sumK;
        final Rows sumV;
        final PackedWeights keys;
        final PackedWeights values;
        final PackedWeights turnedKeys;
        final PackedWeights products;

        Room(Step.Attention step, int keyCount, int block) {
            var space = engine.workspace();
            var shape = step.spec().shape();
            int dim = shape.headDim();
            scores = space.rows(block, keyCount);
            above = space.rows(block, keyCount);
            slopes = space.rows(shape.softCap() > 0 ? block : 0, keyCount);
            turned = space.rows(dim, block);
            turnedSum = space.rows(dim, keyCount);
            sumK = space.rows(dim, keyCount);
            sumV = space.rows(dim, keyCount);
            keys = space.weights(WeightFormat.F32, keyCount, dim);
            values = space.weights(WeightFormat.F32, keyCount, dim);
            turnedKeys = space.weights(WeightFormat.F32, dim, keyCount);
            products = space.weights(WeightFormat.F32, keyCount, block);
        }
    }

    /** The heads of one head of keys. */
    private final class Heads {
        private final Step.Attention step;
        private final Rows dy;
        private final Out out;
        private final KeyRanges visible;
        private final Room room;

        Heads(Step.Attention step, Rows dy, Out out, KeyRanges visible, Room room) {
            this.step = step;
            this.dy = dy;
            this.out = out;
            this.visible = visible;
            this.room = room;
        }

        void run(int kvHead, int block) {
            var shape = step.spec().shape();
            int dim = shape.headDim();
            int group = shape.heads() / shape.kvHeads();
            Rows k = step.k().rows().columns(kvHead * dim, dim);
            packer.pack(k, room.keys, 0);
            packer.pack(step.v().rows().columns(kvHead * dim, dim), room.values, 0);
            room.sumK.clear();
            room.sumV.clear();
            for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
                for (int from = 0; from < dy.rows(); from += block) {
                    block(head * dim, from, Math.min(block, dy.rows() - from));
                }
            }
            transposition.transpose(room.sumK, out.dk().columns(kvHead * dim, dim));
            transposition.transpose(room.sumV, out.dv().columns(kvHead * dim, dim));
        }

        private void block(int col, int from, int count) {
            var shape = step.spec().shape();
            int dim = shape.headDim();
            int end = end(from, count);
            Rows k = step.k().rows().slice(0, end).columns(col / dim / (shape.heads() / shape.kvHeads()) * dim, dim);
            Rows q = step.q().rows().slice(from, count).columns(col, dim);
            Rows above = dy.slice(from, count).columns(col, dim);
            Rows p = room.scores.slice(0, count).columns(0, end);
            Rows dp = room.above.slice(0, count).columns(0, end);
            engine.kernels().matmul(q, room.keys.room(end, dim), p);
            engine.kernels().matmul(above, room.values.room(end, dim), dp);
            softmax(p, dp, from);
            var turnedKeys = room.turnedKeys.room(dim, end);
            transposition.pack(k, turnedKeys);
            engine.kernels().matmul(dp, turnedKeys, out.dq().slice(from, count).columns(col, dim));
            addTurned(dp, q, room.sumK.columns(0, end));
            addTurned(p, above, room.sumV.columns(0, end));
        }

        /** No query of the block sees keys from here on. */
        private int end(int from, int count) {
            long end = 0;
            for (int i = from; i < from + count; i++) {
                end = Math.max(end, visible.to()[i]);
            }
            return (int) end;
        }

        /** Scores become probabilities, gradients of probabilities those of products of queries and keys. */
        private void softmax(Rows p, Rows dp, int from) {
            var shape = step.spec().shape();
            boolean capped = shape.softCap() > 0;
            Rows slopes = room.slopes.slice(0, capped ? p.rows() : 0).columns(0, p.cols());
            for (int r = 0; r < p.rows(); r++) {
                if (capped) {
                    SoftmaxRows.cap(p, r, shape.scale(), shape.softCap(), slopes);
                }
                int first = (int) visible.from()[from + r];
                SoftmaxRows.forward(p, r, capped ? 1 : shape.scale(), first, (int) visible.to()[from + r]);
                SoftmaxRows.back(p, dp, r, shape.scale());
            }
            if (capped) {
                engine.gradientKernels().multiply(dp, slopes, dp);
            }
        }

        /** sum += b^T a, (dim, keys): a is (queries, keys), b (queries, dim). */
        private void addTurned(Rows a, Rows b, Rows sum) {
            Rows turned = room.turned.windows(0, b.cols(), b.rows(), b.rows());
            transposition.transpose(b, turned);
            var products = room.products.room(a.cols(), a.rows());
            transposition.pack(a, products);
            Rows more = room.turnedSum.columns(0, a.cols());
            engine.kernels().matmul(turned, products, more);
            engine.kernels().add(sum, more, sum);
        }
    }
}
