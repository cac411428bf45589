package konsil.tensor;

import konsil.kernel.Kernels;
import konsil.kernel.KeyRanges;
import konsil.kernel.KvTiles;
import konsil.kernel.Rows;
import konsil.kernel.WeightFormat;

/** One run of attention: puts keys and values where the kernel reads them, then asks who sees whom. */
record AttentionCall(Kernels kernels, Workspace workspace, AttentionSpec spec) {
    /** All arguments fit each other; keys and values have as many rows as queries. */
    void run(Rows q, Rows k, Rows v, KvLayer layer, Rows y) {
        switch (layer) {
            case KvLayer.PassThrough(var format) -> {
                KvTiles tiles = tiles(format, k.rows());
                kernels.store(k, v, tiles, 0);
                kernels.attention(q, tiles, spec.mask().ranges(0, q.rows()), spec.shape(), y);
            }
            case KvRing ring -> {
                KeyRanges visible = spec.mask().ranges(ring.first(), q.rows());
                ring.store(kernels, k, v);
                ring.requireKept(visible);
                kernels.attention(q, ring.tiles(), visible, spec.shape(), y);
            }
        }
    }

    /** Tiles in the workspace; what no key will be stored into is cleared, for attention may read it. */
    KvTiles tiles(WeightFormat format, int keys) {
        int heads = spec.shape().kvHeads();
        int headDim = spec.shape().headDim();
        int count = Math.ceilDiv(keys, KvTiles.TILE);
        var memory = workspace.bytes(KvTiles.bytes(format, heads, headDim, count));
        var tiles = new KvTiles(format, heads, headDim, count, memory);
        boolean padded = tiles.paddedDim() != headDim;
        TileSlots.clear(tiles, padded ? 0 : keys, tiles.capacity());
        return tiles;
    }
}
