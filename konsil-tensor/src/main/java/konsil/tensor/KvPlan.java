package konsil.tensor;

import java.util.List;
import konsil.kernel.KvTiles;
import konsil.kernel.WeightFormat;

/**
 * How much a {@link RingCache} keeps.
 *
 * @param windows for each layer, how many tokens a token sees to the left, itself included; Integer.MAX_VALUE for all
 * @param kvHeads heads of keys and of values
 * @param headDim values of a head
 * @param format F32 or BF16
 * @param maxPositions tokens of the longest sequence
 * @param maxChunk the most tokens that are run at once; also how far {@link RingCache#truncate} can surely go back
 */
public record KvPlan(
        List<Integer> windows, int kvHeads, int headDim, WeightFormat format, long maxPositions, int maxChunk) {
    /** Window of a layer that sees everything before it. */
    public static final int EVERYTHING = Integer.MAX_VALUE;

    public KvPlan {
        windows = List.copyOf(windows);
        boolean sizes = kvHeads > 0 && headDim > 0 && maxPositions > 0 && maxChunk > 0;
        if (!sizes || format.quantised() || windows.stream().anyMatch(window -> window < 1)) {
            throw new IllegalArgumentException(
                    "cache: want sizes and windows above 0, F32 or BF16, got %d x %d %s, %d positions, chunks of %d, %s"
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

    static long tiles(long positions) {
        return Math.ceilDiv(positions, KvTiles.TILE);
    }
}
