package konsil.kernel;

/** Puts keys and values into tiles in plain Java, for all kernels and formats that have no machine code for it. */
final class TileStore {
    private static final int TILE = KvTiles.TILE;

    private TileStore() {}

    static void store(Rows k, Rows v, KvTiles into, long first, Workers workers) {
        eachTile(k.rows(), first, workers, (from, to) -> {
            for (long position = from; position < to; position++) {
                store(k, v, into, position, (int) (position - first));
            }
        });
    }

    /** New positions of one tile. */
    interface Part {
        void store(long from, long to);
    }

    /** Each chunk fills what is new of one tile, so no two threads write to the same line. */
    static void eachTile(int count, long first, Workers workers, Part part) {
        if (count == 0) {
            return;
        }
        long firstTile = first / TILE;
        int tiles = Math.toIntExact((first + count - 1) / TILE - firstTile + 1);
        workers.run(tiles, tile -> {
            long from = Math.max(first, (firstTile + tile) * TILE);
            part.store(from, Math.min(first + count, (firstTile + tile + 1) * TILE));
        });
    }

    private static void store(Rows k, Rows v, KvTiles into, long position, int row) {
        int slot = (int) (position % TILE);
        for (int head = 0; head < into.kvHeads(); head++) {
            long keys = into.data().address() + into.keysOffset(position, head);
            long values = keys + into.headBytes();
            long fromKeys = k.address(row) + 4L * head * into.headDim();
            long fromValues = v.address(row) + 4L * head * into.headDim();
            switch (into.format()) {
                case F32 -> f32(fromKeys, fromValues, into, keys + 4 * slot, values + 4L * slot * into.paddedDim());
                case BF16 -> {
                    long pairs = values + 4L * (slot / 2) * into.paddedDim() + 2 * (slot % 2);
                    bf16(fromKeys, fromValues, into, keys + 4 * slot, pairs);
                }
                case Q8_0, Q4_0 -> {
                    q8(fromKeys, into.headDim(), keys + slot, TILE, scales(keys, into, slot, 1), 4 * TILE);
                    long at = values + (long) slot * into.paddedDim();
                    q8(fromValues, into.headDim(), at, 1, scales(values, into, slot, into.blocks()), 4);
                }
            }
        }
    }

    private static long scales(long head, KvTiles into, int slot, int step) {
        return head + into.scalesOffset() + 4L * slot * step;
    }

    /** One position of a head: integers {@code step} bytes apart, scales {@code scaleStep}. */
    private static void q8(long from, int dim, long to, int step, long scales, int scaleStep) {
        for (int d = 0; d < dim; d += WeightFormat.BLOCK) {
            int count = Math.min(WeightFormat.BLOCK, dim - d);
            float scale = q8(from + 4L * d, count, to + (long) step * d, step);
            RawMemory.setFloat(scales + (long) scaleStep * (d / WeightFormat.BLOCK), scale);
        }
    }

    /** As {@link Kernels#quantise} says. A scale that is NaN is always the same one, which rounding leaves NaN. */
    private static float q8(long from, int count, long to, int step) {
        int bits = 0;
        for (int i = 0; i < count; i++) {
            bits = Math.max(bits, RawMemory.getInt(from + 4L * i) & Integer.MAX_VALUE); // NaN lies above infinity
        }
        float largest = Float.intBitsToFloat(bits);
        boolean finite = largest <= Float.MAX_VALUE;
        boolean counts = finite && largest >= 0x1p-100f;
        float factor = 127 / largest;
        for (int i = 0; i < count; i++) {
            int quant = counts ? (int) Math.rint(RawMemory.getFloat(from + 4L * i) * factor) : 0;
            RawMemory.setByte(to + (long) step * i, (byte) quant);
        }
        return counts ? largest / 127 : finite ? 0 : Float.NaN;
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
