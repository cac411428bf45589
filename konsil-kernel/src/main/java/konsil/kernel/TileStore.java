package konsil.kernel;

/** Puts keys and values into tiles; moving them costs so little next to attention that all kernels do it this way. */
final class TileStore {
    private static final int TILE = KvTiles.TILE;

    private TileStore() {}

    static void store(Rows k, Rows v, KvTiles into, long first) {
        for (int p = 0; p < k.rows(); p++) {
            int slot = (int) ((first + p) % TILE);
            for (int head = 0; head < into.kvHeads(); head++) {
                long keys = into.data().address() + into.keysOffset(first + p, head);
                long values = keys + into.headBytes();
                long fromKeys = k.address(p) + 4L * head * into.headDim();
                long fromValues = v.address(p) + 4L * head * into.headDim();
                if (into.format() == WeightFormat.F32) {
                    f32(fromKeys, fromValues, into, keys + 4 * slot, values + 4L * slot * into.paddedDim());
                } else {
                    long row = values + 4L * (slot / 2) * into.paddedDim() + 2 * (slot % 2);
                    bf16(fromKeys, fromValues, into, keys + 4 * slot, row);
                }
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
