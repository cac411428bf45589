package konsil.kernel;

/**
 * Attention over tiles of keys without a matrix of scores: for each tile, the scores of some query rows, their part of
 * the softmax relative to the largest score so far, and the values weighted by it; when a larger score appears, what
 * was summed before is scaled down. A query row is one head of one query; the heads that share a key head go
 * together.
 */
final class VectorAttention {
    private static final int MOST_ROWS = 8 * VectorTile.ROWS;

    private final Scratch scratch;
    private final Floats floats;
    private final Workers workers;

    VectorAttention(Scratch scratch, Floats floats, Workers workers) {
        this.scratch = scratch;
        this.floats = floats;
        this.workers = workers;
    }

    void attention(Rows q, KvTiles kv, KeyRanges visible, AttentionShape shape, Rows y) {
        int group = shape.heads() / shape.kvHeads();
        int rows = Math.multiplyExact(q.rows(), group);
        int blocks = Math.ceilDiv(rows, MOST_ROWS);
        workers.run(shape.kvHeads() * blocks, task -> {
            int first = task % blocks * MOST_ROWS;
            var queries = new VectorQueries(visible, shape, task / blocks, first, Math.min(MOST_ROWS, rows - first));
            var room = scratch.take(kv.format() == WeightFormat.F32 ? 0 : 8L * KvTiles.TILE * kv.paddedDim());
            var numbers = floats.take(queries.size(kv.paddedDim()));
            try {
                new VectorAttentionBlock(kv, queries, numbers, room.address()).run(q, y);
            } finally {
                floats.give(numbers);
                scratch.give(room);
            }
        });
    }
}
