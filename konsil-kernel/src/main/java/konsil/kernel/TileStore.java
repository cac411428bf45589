package konsil.kernel;

/** Puts keys and values into tiles; moving them costs so little next to attention that all kernels do it this way. */
final class TileStore {
    private static final int TILE = KvTiles.TILE;

    private TileStore() {}

    /** Each chunk fills what is new of one tile, so no two threads write to the same line. */
    static void store(Rows k, Rows v, KvTiles into, long first, Workers workers) {
        if (k.rows() == 0) {
            return;
        }
        long firstTile = first / TILE;
        int tiles = Math.toIntExact((first + k.rows() - 1) / TILE - firstTile + 1);
        workers.run(tiles, tile -> {
            long from = Math.max(first, (firstTile + tile) * TILE);
            long to = Math.min(first + k.rows(), (firstTile + tile + 1) * TILE);
            for (long position = from; position < to; position++) {
                store(k, v, into, position, (int) (position - first));
            }
        });
    }

    private static void store(Rows k, Rows v, KvTiles into, long position, int row) {
        int slot = (int) (position % TILE);
        for (int head = 0; head < into.kvHeads(); head++) {
            long keys = into.data().address() + into.keysOffset(position, head);
            long values = keys + into.headBytes();
            long fromKeys = k.address(row) + 4L * head * into.headDim();
            long fromValues = v.address(row) + 4L * head * into.headDim();
            if (into.format() == WeightFormat.F32) {
                f32(fromKeys, fromValues, into, keys + 4 * slot, values + 4L * slot * into.paddedDim());
            } else {
                long pairs = values + 4L * (slot / 2) * into.paddedDim() + 2 * (slot % 2);
                bf16(fromKeys, fromValues, into, keys + 4 * slot, pairs);
            }
        }
    }

    private static void f32(long fromKeys, long fromValues, KvTiles into, long keys, long values) {
        for (int d = 0; d < into.headDim(); d++) {
            RawMemory.setFloat(keys + 4L * TILE * d, RawMemory.getFloat(fromKeys + 4L * d));
            RawMemory.setFloat(values + 4L * d, RawMemory.getFloat(fromValues + 4L * d));
        }
    }

    private static void bf16(long fromKeys, long fromValues, KvTiles into, long keys, long values) {
        for (int d = 0; d < into.headDim(); d++) {
            short key = (short) Bf16.bits(RawMemory.getFloat(fromKeys + 4L * d));
            short value = (short) Bf16.bits(RawMemory.getFloat(fromValues + 4L * d));
            RawMemory.setShort(keys + 4L * TILE * (d / 2) + 2 * (d % 2), key);
            RawMemory.setShort(values + 4L * d, value);
        }
    }
}
