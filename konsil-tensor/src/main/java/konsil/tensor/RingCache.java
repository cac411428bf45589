package konsil.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of a sequence that is run piece by piece. Layers with a sliding window keep a ring of the last
 * positions, the others everything; both grow as the sequence does. For one thread at a time.
 */
public final class RingCache implements KvCache, AutoCloseable {
    private final KvPlan plan;
    private final List<KvRing> layers = new ArrayList<>();
    private long position;

    public RingCache(KvPlan plan) {
        this.plan = plan;
        for (int window : plan.windows()) {
            layers.add(new KvRing(this, plan, window));
        }
    }

    /** How much it keeps. */
    public KvPlan plan() {
        return plan;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public KvLayer layer(int layer) {
        return layers.get(layer);
    }

    @Override
    public void advance(int tokens) {
        long next = position + tokens;
        for (int i = 0; i < layers.size(); i++) {
            if (!layers.get(i).holdsUpTo(next)) {
                throw new IllegalStateException("cache: layer %d was not given keys up to %d".formatted(i, next));
            }
        }
        position = next;
    }

    /**
     * Makes room for a sequence of a length that is known beforehand, so that nothing has to grow later.
     *
     * @throws BadInputException when it is longer than the plan allows
     */
    public void reserve(long positions) {
        requireWithinContext(positions);
        for (var layer : layers) {
            layer.reserve(positions);
        }
    }

    void requireWithinContext(long end) {
        if (end > plan.maxPositions()) {
            throw new BadInputException(
                    "the context holds %d tokens, this input needs %d. Use a shorter input or a larger context."
                            .formatted(plan.maxPositions(), end));
        }
    }

    /**
     * Forgets the tokens from {@code position} on, so that another text can follow the same beginning.
     *
     * @param position at most the current one
     * @return the new position: the one asked for, or 0 when a ring no longer holds what the next token would look back
     *     on and the sequence must be run again from its start
     */
    public long truncate(long position) {
        if (position < 0 || position > this.position) {
            throw new IllegalArgumentException("cache: want 0 to %d, got %d".formatted(this.position, position));
        }
        boolean kept = layers.stream().allMatch(layer -> layer.canGoBackTo(position));
        this.position = kept ? position : 0;
        layers.forEach(layer -> layer.truncate(this.position));
        return this.position;
    }

    /** Bytes of native memory that all layers have taken; unused pages among them may not be backed by memory yet. */
    public long byteSize() {
        long bytes = 0;
        for (var layer : layers) {
            bytes += layer.tiles().data().byteSize();
        }
        return bytes;
    }

    @Override
    public void close() {
        layers.forEach(KvRing::close);
    }
}
