package konsil.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Attention with the Vector API, one query and head at a time over the tiles that it sees, with an online softmax
 * (arXiv:1805.02867). Tiles stand at absolute positions, so a query's result does not depend on how a sequence was cut.
 */
final class VectorAttention {
    private static final int TILE = KvTiles.TILE;

    /** Queries that a thread takes at a time. */
    private static final int QUERIES = 8;

    private final Rows q;
    private final KvTiles kv;
    private final KeyRanges visible;
    private final AttentionShape shape;
    private final Rows y;
    private final boolean bf16;

    VectorAttention(Rows q, KvTiles kv, KeyRanges visible, AttentionShape shape, Rows y) {
        this.q = q;
        this.kv = kv;
        this.visible = visible;
        this.shape = shape;
        this.y = y;
        bf16 = kv.format() == WeightFormat.BF16;
    }

    void run(Workers workers) {
        int chunks = Math.ceilDiv(q.rows(), QUERIES);
        workers.run(chunks * shape.heads(), chunk -> {
            int head = chunk / chunks;
            int first = chunk % chunks * QUERIES;
            var state = new State(kv.paddedDim());
            for (int query = first; query < Math.min(q.rows(), first + QUERIES); query++) {
                attend(query, head, state);
            }
        });
    }

    /** What one query has gathered so far; used again for the next. */
    private static final class State {
        private final float[] query;
        private final float[] scores = new float[TILE];
        private final float[] sums;
        private float largest;
        private float total;

        State(int paddedDim) {
            query = new float[paddedDim];
            sums = new float[paddedDim];
        }
    }

    private void attend(int query, int head, State state) {
        long source = q.address(query) + 4L * head * shape.headDim();
        for (int d = 0; d < shape.headDim(); d++) {
            float value = RawMemory.getFloat(source + 4L * d);
            state.query[d] = bf16 ? Bf16.round(value) : value;
        }
        Arrays.fill(state.sums, 0);
        state.largest = Float.NEGATIVE_INFINITY;
        state.total = 0;
        long from = visible.from()[query];
        long to = visible.to()[query];
        int kvHead = head / (shape.heads() / shape.kvHeads());
        for (long tile = from / TILE * TILE; from < to && tile < to; tile += TILE) {
            long keys = kv.data().address() + kv.keysOffset(tile, kvHead);
            score(keys, state);
            hide(state.scores, (int) Math.max(0, from - tile), (int) Math.min(TILE, to - tile));
            softmax(state);
            addValues(keys + kv.headBytes(), state);
        }
        long target = y.address(query) + 4L * head * shape.headDim();
        for (int d = 0; d < shape.headDim(); d++) {
            RawMemory.setFloat(target + 4L * d, state.total == 0 ? 0 : state.sums[d] / state.total);
        }
    }

    private void score(long keys, State state) {
        for (int lane = 0; lane < TILE; lane += Lanes.COUNT) {
            var score = bf16 ? scoreBf16(keys + 4L * lane, state.query) : scoreF32(keys + 4L * lane, state.query);
            score = score.mul(shape.scale());
            if (shape.softCap() != 0) {
                score = VectorExponential.tanh(score.div(shape.softCap())).mul(shape.softCap());
            }
            score.intoArray(state.scores, lane);
        }
    }

    private FloatVector scoreF32(long keys, float[] query) {
        var sum = FloatVector.zero(Lanes.F);
        for (int d = 0; d < shape.headDim(); d++) {
            sum = Lanes.load(keys + 4L * TILE * d).fma(Lanes.all(query[d]), sum);
        }
        return sum;
    }

    private FloatVector scoreBf16(long keys, float[] query) {
        var sum = FloatVector.zero(Lanes.F);
        for (int d = 0; d < shape.headDim(); d += 2) {
            var pairs = Lanes.loadInts(keys + 4L * TILE * (d / 2));
            sum = Lanes.lowBf16(pairs).fma(Lanes.all(query[d]), sum);
            sum = Lanes.highBf16(pairs).fma(Lanes.all(query[d + 1]), sum);
        }
        return sum;
    }

    private static void hide(float[] scores, int from, int to) {
        Arrays.fill(scores, 0, from, Float.NEGATIVE_INFINITY);
        Arrays.fill(scores, to, TILE, Float.NEGATIVE_INFINITY);
    }

    /** Turns scores into numerators, and what was gathered before to the new largest score. */
    private void softmax(State state) {
        float largest = state.largest;
        for (float score : state.scores) {
            largest = Math.max(largest, score); // NaN wins
        }
        float factor = state.largest == Float.NEGATIVE_INFINITY ? 0 : (float) Math.exp(state.largest - largest);
        var total = FloatVector.zero(Lanes.F);
        for (int lane = 0; lane < TILE; lane += Lanes.COUNT) {
            var numerator = VectorExponential.exp(
                    FloatVector.fromArray(Lanes.F, state.scores, lane).sub(largest));
            total = total.add(numerator);
            (bf16 ? Lanes.roundBf16(numerator) : numerator).intoArray(state.scores, lane);
        }
        state.total = state.total * factor + Lanes.sum(total);
        state.largest = largest;
        for (int d = 0; factor != 1 && d < state.sums.length; d++) {
            state.sums[d] *= factor;
        }
    }

    private void addValues(long values, State state) {
        int dim = kv.paddedDim();
        for (int d = 0; d < dim; d += Lanes.COUNT) {
            var sum = FloatVector.fromArray(Lanes.F, state.sums, d);
            if (bf16) {
                for (int key = 0; key < TILE; key += 2) {
                    var pairs = Lanes.loadInts(values + 4L * ((long) dim * (key / 2) + d));
                    sum = Lanes.lowBf16(pairs).fma(Lanes.all(state.scores[key]), sum);
                    sum = Lanes.highBf16(pairs).fma(Lanes.all(state.scores[key + 1]), sum);
                }
            } else {
                for (int key = 0; key < TILE; key++) {
                    sum = Lanes.load(values + 4L * ((long) dim * key + d)).fma(Lanes.all(state.scores[key]), sum);
                }
            }
            sum.intoArray(state.sums, d);
        }
    }
}
