package konsil.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konsil.kernel.KvTiles;
import konsil.kernel.WeightFormat;

/** Puts zeros into positions of key/value tiles; attention may read them, though it gives them no weight. */
final class TileSlots {
    private static final int TILE = KvTiles.TILE;

    private TileSlots() {}

    /** Clears positions {@code from} to {@code to - 1}, at most as many as the ring has. */
    static void clear(KvTiles tiles, long from, long to) {
        for (long position = from; position < to; ) {
            long next = Math.min(to, (position / TILE + 1) * TILE);
            int count = (int) (next - position);
            if (count == TILE) {
                long tileBytes = 2 * tiles.headBytes() * tiles.kvHeads();
                tiles.data().asSlice(tiles.keysOffset(position, 0), tileBytes).fill((byte) 0);
            } else {
                for (int head = 0; head < tiles.kvHeads(); head++) {
                    clear(tiles, position, count, head);
                }
            }
            position = next;
        }
    }

    private static void clear(KvTiles tiles, long position, int count, int head) {
        if (tiles.format().quantised()) {
            clearQuantised(tiles, position, count, head);
        } else {
            clearKeys(tiles, position, count, head);
            clearValues(tiles, position, count, head);
        }
    }

    /** Integers and scales; in keys, positions lie side by side, in values, all of one position do. */
    private static void clearQuantised(KvTiles tiles, long position, int count, int head) {
        long slot = position % TILE;
        long keys = tiles.keysOffset(position, head);
        for (int d = 0; d < tiles.paddedDim(); d++) {
            tiles.data().asSlice(keys + (long) TILE * d + slot, count).fill((byte) 0);
        }
        for (int block = 0; block < tiles.blocks(); block++) {
            long scales = keys + tiles.scalesOffset() + 4L * ((long) TILE * block + slot);
            tiles.data().asSlice(scales, 4L * count).fill((byte) 0);
        }
        long values = tiles.valuesOffset(position, head);
        long dim = tiles.paddedDim();
        tiles.data().asSlice(values + slot * dim, count * dim).fill((byte) 0);
        long scaleBytes = 4L * tiles.blocks();
        tiles.data()
                .asSlice(values + tiles.scalesOffset() + slot * scaleBytes, count * scaleBytes)
                .fill((byte) 0);
    }

    /** Keys in f32 and bf16 are rows of 32 words, one word for each position. */
    private static void clearKeys(KvTiles tiles, long position, int count, int head) {
        long keys = tiles.keysOffset(position, head) + 4 * (position % TILE);
        for (long row = 0; row < tiles.headBytes(); row += 4L * TILE) {
            tiles.data().asSlice(keys + row, 4L * count).fill((byte) 0);
        }
    }

    private static void clearValues(KvTiles tiles, long position, int count, int head) {
        long values = tiles.valuesOffset(position, head);
        long slot = position % TILE;
        long rowBytes = 4L * tiles.paddedDim();
        if (tiles.format() == WeightFormat.F32) {
            tiles.data().asSlice(values + slot * rowBytes, count * rowBytes).fill((byte) 0);
            return;
        }
        for (long s = slot; s < slot + count; s++) {
            clearHalves(tiles.data().asSlice(values + s / 2 * rowBytes, rowBytes), s % 2);
        }
    }

    private static void clearHalves(MemorySegment words, long half) {
        for (long at = 2 * half; at < words.byteSize(); at += 4) {
            words.set(ValueLayout.JAVA_SHORT, at, (short) 0);
        }
    }
}
