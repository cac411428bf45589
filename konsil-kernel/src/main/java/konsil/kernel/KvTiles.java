package konsil.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Keys and values of one layer in tiles of {@value #TILE} positions, the layout attention reads without repacking.
 * Position p lies in tile {@code (p / 32) % tiles}, so a cache that only needs the last positions is a ring. With
 * {@code D = paddedDim()}, a tile holds for each kv head first its keys, then its values:
 *
 * <ul>
 *   <li>{@code F32}: keys {@code [D][32]} floats, values {@code [32][D]} floats.
 *   <li>{@code BF16}: keys {@code [D/2][32]} pairs (dimension d in the low half, d+1 in the high half), values
 *       {@code [16][D]} pairs (position 2j in the low half, 2j+1 in the high half).
 *   <li>{@code Q8_0}, half of BF16: keys {@code [D][32]} signed bytes, then {@code [B][32]} f32 scales, values {@code
 *       [32][D]} signed bytes, then {@code [32][B]} f32 scales. Each position has a scale for every 32 dimensions of a
 *       head, B in all, quantised as {@link Kernels#quantise} says. What attention multiplies by is integer times
 *       scale, rounded to bf16.
 * </ul>
 *
 * Dimensions from {@code headDim} to D are zero. Positions that were never stored must not be visible, but every byte
 * of a tile must hold finite numbers: fresh memory is zero.
 *
 * @param format F32, BF16 or Q8_0
 * @param tiles how many tiles the ring has
 * @param data native memory of {@link #bytes}, aligned to 64
 */
public record KvTiles(WeightFormat format, int kvHeads, int headDim, int tiles, MemorySegment data) {
    /** Positions in a tile. */
    public static final int TILE = 32;

    public KvTiles {
        if (format == WeightFormat.Q4_0) {
            throw new SizeException("kv tiles: want F32, BF16 or Q8_0, got " + format);
        }
        if (kvHeads <= 0 || headDim <= 0 || tiles < 0) {
            throw new SizeException("kv tiles: %d heads x %d, %d tiles".formatted(kvHeads, headDim, tiles));
        }
        long want = bytes(format, kvHeads, headDim, tiles);
        if (!data.isNative() || data.address() % PackedWeights.ALIGNMENT != 0 || data.byteSize() != want) {
            throw new SizeException("kv tiles: want %d aligned native bytes, got %d".formatted(want, data.byteSize()));
        }
    }

    /** {@code headDim} rounded up to 16: one vector of floats. */
    public static int paddedDim(int headDim) {
        return Math.ceilDiv(headDim, 16) * 16;
    }

    public static long bytes(WeightFormat format, int kvHeads, int headDim, int tiles) {
        return Math.multiplyExact(tileBytes(format, kvHeads, headDim), (long) tiles);
    }

    private static long tileBytes(WeightFormat format, int kvHeads, int headDim) {
        return 2 * headBytes(format, headDim) * kvHeads;
    }

    private static long headBytes(WeightFormat format, int headDim) {
        long numbers = (long) TILE * paddedDim(headDim);
        return switch (format) {
            case F32 -> 4 * numbers;
            case BF16 -> 2 * numbers;
            case Q8_0, Q4_0 -> numbers + 4L * TILE * blocks(headDim);
        };
    }

    private static int blocks(int headDim) {
        return Math.ceilDiv(headDim, WeightFormat.BLOCK);
    }

    public int paddedDim() {
        return paddedDim(headDim);
    }

    /** How many positions the ring holds. */
    public long capacity() {
        return (long) tiles * TILE;
    }

    /** Bytes of the keys of one head in one tile; its values take as many. */
    public long headBytes() {
        return headBytes(format, headDim);
    }

    /** In Q8_0, scales of a head at one position. */
    public int blocks() {
        return blocks(headDim);
    }

    /** In Q8_0, where the scales begin behind the keys, or the values, of a head in a tile. */
    public long scalesOffset() {
        return (long) TILE * paddedDim();
    }

    /** Offset in {@link #data} of the keys of a head in the tile of {@code position}; the values follow. */
    public long keysOffset(long position, int kvHead) {
        long tile = position / TILE % tiles;
        return (tile * kvHeads + kvHead) * 2 * headBytes();
    }

    public long valuesOffset(long position, int kvHead) {
        return keysOffset(position, kvHead) + headBytes();
    }
}
