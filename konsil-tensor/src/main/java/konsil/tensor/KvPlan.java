package konsil.tensor;

import java.util.LinkedHashMap;
import java.util.List;
import konsil.kernel.KvTiles;
import konsil.kernel.WeightFormat;

/**
 * How much a {@link RingCache} keeps.
 *
 * @param windows for each layer, how many tokens a token sees to the left, itself included; Integer.MAX_VALUE for all
 * @param kvHeads heads of keys and of values
 * @param headDim values of a head
 * @param format F32, BF16 or Q8_0
 * @param maxPositions tokens of the longest sequence
 * @param maxChunk the most tokens that are run at once; also how far {@link RingCache#truncate} can surely go back
 */
public record KvPlan(
        List<Integer> windows, int kvHeads, int headDim, WeightFormat format, long maxPositions, int maxChunk) {
    private static final int FIRST_TILES = 8;

    /** Window of a layer that sees everything before it. */
    public static final int EVERYTHING = Integer.MAX_VALUE;

    public KvPlan {
        windows = List.copyOf(windows);
        boolean sizes = kvHeads > 0 && headDim > 0 && maxPositions > 0 && maxChunk > 0;
        if (!sizes || format == WeightFormat.Q4_0 || windows.stream().anyMatch(window -> window < 1)) {
            throw new IllegalArgumentException(
                    "cache: want sizes and windows above 0, F32, BF16 or Q8_0, got %d x %d %s, %d positions, chunks of %d, %s"
                            .formatted(kvHeads, headDim, format, maxPositions, maxChunk, windows));
        }
        if (tiles(maxPositions) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("cache: " + maxPositions + " positions are too many");
        }
    }

    /**
     * Tiles that a layer of this window ever needs. While a chunk is stored, its first token still looks back on a
     * whole window, hence the sum.
     */
    int maxTiles(int window) {
        long wanted = window == EVERYTHING ? maxPositions : window - 1L + maxChunk;
        return (int) tiles(Math.min(wanted, maxPositions));
    }

    /** Tiles that a layer of this window takes when room for so many positions is made at once. */
    int tilesFor(int window, long positions) {
        long wanted = positions == 0 ? 0 : Math.max(FIRST_TILES, tiles(positions));
        return (int) Math.min(maxTiles(window), wanted);
    }

    /**
     * The memory of layers that have the same window.
     *
     * @param window of each; {@link #EVERYTHING} for layers that see all
     * @param layers how many
     * @param bytes of all of them together
     * @param tokenBytes what one more token takes in all of them, until their rings are full
     */
    public record Share(int window, int layers, long bytes, long tokenBytes) {}

    /** What a cache takes for so many positions when they are reserved at once, for each kind of layers. */
    public List<Share> shares(long positions) {
        var counts = new LinkedHashMap<Integer, Integer>();
        windows.forEach(window -> counts.merge(window, 1, Integer::sum));
        return counts.entrySet().stream()
                .map(kind -> {
                    int window = kind.getKey();
                    long layers = kind.getValue();
                    long bytes = layers * bytes(tilesFor(window, positions));
                    return new Share(window, kind.getValue(), bytes, layers * bytes(1) / KvTiles.TILE);
                })
                .toList();
    }

    /** Bytes of native memory that a cache takes for so many positions when they are reserved at once. */
    public long byteSize(long positions) {
        return shares(positions).stream().mapToLong(Share::bytes).sum();
    }

    /** Bytes of tiles of one layer. */
    long bytes(int tiles) {
        return KvTiles.bytes(format, kvHeads, headDim, tiles);
    }

    static long tiles(long positions) {
        return Math.ceilDiv(positions, KvTiles.TILE);
    }
}
