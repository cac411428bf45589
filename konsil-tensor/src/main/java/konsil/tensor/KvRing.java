package konsil.tensor;

import java.lang.foreign.MemorySegment;
import konsil.kernel.Kernels;
import konsil.kernel.KeyRanges;
import konsil.kernel.KvTiles;
import konsil.kernel.NativeMemory;
import konsil.kernel.Rows;

/**
 * Keys and values of one layer of a {@link RingCache}. It grows with the sequence until it has all the tiles that its
 * window needs; from then on it is a ring, in which the newest positions take the place of the oldest.
 */
public final class KvRing implements KvLayer {
    private final RingCache cache;
    private final KvPlan plan;
    private final int window;
    private final int maxTiles;
    private NativeMemory memory = new NativeMemory();
    private KvTiles tiles;

    /** Positions before this one may have been written over. */
    private long oldest;

    /** The position after the last one that was stored. */
    private long end;

    KvRing(RingCache cache, KvPlan plan, int window) {
        this.cache = cache;
        this.plan = plan;
        this.window = window;
        this.maxTiles = plan.maxTiles(window);
        this.tiles = allocate(memory, 0);
    }

    /** The position at which the next keys are stored. */
    long first() {
        return cache.position();
    }

    KvTiles tiles() {
        return tiles;
    }

    /**
     * Appends keys and values at the cache's position; doing it again before the cache advances replaces them.
     *
     * @param k (tokens, kvHeads * headDim), tokens up to the plan's maxChunk
     * @param v same
     */
    void store(Kernels kernels, Rows k, Rows v) {
        if (k.rows() > plan.maxChunk()) {
            throw new ShapeException(
                    "attention", "k", "at most %d tokens at once".formatted(plan.maxChunk()), "" + k.rows());
        }
        if (k.cols() != plan.kvHeads() * plan.headDim()) {
            throw new ShapeException(
                    "attention",
                    "k",
                    "%d heads of %d".formatted(plan.kvHeads(), plan.headDim()),
                    k.cols() + " columns");
        }
        long newEnd = first() + k.rows();
        cache.requireWithinContext(newEnd);
        reserve(newEnd);
        kernels.store(k, v, tiles, first());
        oldest = Math.max(oldest, newEnd - tiles.capacity());
        end = Math.max(end, newEnd);
    }

    /** Refuses ranges that reach further back than the ring does: the mask's window is larger than the plan's. */
    void requireKept(KeyRanges ranges) {
        for (long from : ranges.from()) {
            if (from < oldest) {
                throw new ShapeException(
                        "attention",
                        "mask",
                        "a window of at most " + window,
                        "a look back at %d, kept from %d on".formatted(from, oldest));
            }
        }
    }

    /** Makes room for positions up to {@code end}, at least doubling; only tiles in use are copied. */
    void reserve(long end) {
        int need = (int) Math.min(maxTiles, KvPlan.tiles(end));
        if (need <= tiles.tiles()) {
            return;
        }
        int count = (int) Math.min(maxTiles, Math.max(plan.tilesFor(window, end), 2L * tiles.tiles()));
        var larger = new NativeMemory();
        var grown = allocate(larger, count);
        long used = plan.bytes((int) KvPlan.tiles(first()));
        MemorySegment.copy(tiles.data(), 0, grown.data(), 0, used);
        memory.close();
        memory = larger;
        tiles = grown;
    }

    private KvTiles allocate(NativeMemory from, int count) {
        return new KvTiles(plan.format(), plan.kvHeads(), plan.headDim(), count, from.allocate(plan.bytes(count)));
    }

    boolean holdsUpTo(long position) {
        return end >= position;
    }

    /** Whether a token at {@code position} would still find everything it sees. */
    boolean canGoBackTo(long position) {
        return Math.max(0, position - window + 1) >= oldest;
    }

    /** Erases what was stored from {@code position} on: no number of one patient's text stays behind for the next. */
    void truncate(long position) {
        TileSlots.clear(tiles, Math.max(position, end - tiles.capacity()), end);
        end = Math.min(end, position);
        oldest = Math.min(oldest, position);
    }

    void close() {
        memory.close();
    }
}
