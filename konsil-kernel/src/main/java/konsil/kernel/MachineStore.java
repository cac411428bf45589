package konsil.kernel;

import java.lang.foreign.MemorySegment;
import konsil.kernel.code.CodeMemory;
import konsil.kernel.code.StoreKeys;
import konsil.kernel.code.StoreValues;

/** Puts keys and values into tiles of f32 and bf16 by machine code, the new part of a tile and a head at a time. */
final class MachineStore {
    private static final int LANES = 16;

    private final CodeMemory code;
    private final MemorySegment places;

    MachineStore(CodeMemory code, Scratch scratch) {
        this.code = code;
        places = scratch.take(4L * LANES);
        for (int i = 0; i < LANES; i++) {
            RawMemory.setInt(places.address() + 4L * i, i * StoreKeys.STEP_BYTES);
        }
    }

    /**
     * As {@link Kernels#store}.
     *
     * @param workers each fills what is new of one tile
     */
    void store(Rows k, Rows v, KvTiles into, long first, Workers workers) {
        boolean bf16 = into.format() == WeightFormat.BF16;
        var keys = code.code(new StoreKeys(bf16, into.headDim()));
        var values = code.code(new StoreValues(bf16, into.headDim()));
        TileStore.eachTile(k.rows(), first, workers, (from, to) -> {
            int row = (int) (from - first);
            int slot = (int) (from % KvTiles.TILE);
            long valuesRow = 4L * (bf16 ? slot / 2 : slot) * into.paddedDim();
            for (int head = 0; head < into.kvHeads(); head++) {
                long target = into.data().address() + into.keysOffset(from, head);
                long column = 4L * head * into.headDim();
                keys.call(k.address(row) + column, target + 4L * slot, places.address(), 4L * k.stride(), to - from, 0);
                values.call(
                        v.address(row) + column,
                        target + into.headBytes() + valuesRow,
                        StoreValues.bits(slot),
                        4L * v.stride(),
                        to - from,
                        StoreValues.halves(slot));
            }
        });
    }
}
