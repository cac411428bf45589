package konsil.kernel;

import java.util.Arrays;

/** Attention as the formula says: all scores of a query, their softmax, the weighted values. */
final class ScalarAttention {
    private static final int TILE = KvTiles.TILE;

    private final Rows q;
    private final KvTiles kv;
    private final KeyRanges visible;
    private final AttentionShape shape;
    private final Rows y;

    ScalarAttention(Rows q, KvTiles kv, KeyRanges visible, AttentionShape shape, Rows y) {
        this.q = q;
        this.kv = kv;
        this.visible = visible;
        this.shape = shape;
        this.y = y;
    }

    void query(int query) {
        for (int head = 0; head < shape.heads(); head++) {
            head(query, head);
        }
    }

    /** The maximum and the sum of the numerators are exact or double, so that long rows stay a reference. */
    private void head(int query, int head) {
        long from = visible.from()[query];
        int count = (int) Math.max(0, visible.to()[query] - from);
        int kvHead = head / (shape.heads() / shape.kvHeads());
        var scores = new float[count];
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            scores[i] = score(query, head, from + i, kvHead);
            largest = Math.max(largest, scores[i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            scores[i] = rounded((float) Math.exp((double) scores[i] - largest));
            sum += scores[i];
        }
        var values = new double[shape.headDim()];
        for (int i = 0; i < count; i++) {
            for (int d = 0; d < values.length; d++) {
                values[d] += scores[i] * value(from + i, kvHead, d);
            }
        }
        if (count == 0) {
            Arrays.fill(values, 0);
            sum = 1;
        }
        for (int d = 0; d < values.length; d++) {
            y.set(query, head * shape.headDim() + d, (float) (values[d] / sum));
        }
    }

    private float score(int query, int head, long position, int kvHead) {
        float sum = 0;
        for (int d = 0; d < shape.headDim(); d++) {
            sum += rounded(q.get(query, head * shape.headDim() + d)) * key(position, kvHead, d);
        }
        sum *= shape.scale();
        return shape.softCap() == 0 ? sum : (float) (shape.softCap() * Math.tanh(sum / shape.softCap()));
    }

    private float rounded(float value) {
        return kv.format() == WeightFormat.F32 ? value : Bf16.round(value);
    }

    private float key(long position, int kvHead, int d) {
        long keys = kv.data().address() + kv.keysOffset(position, kvHead);
        int slot = (int) (position % TILE);
        return switch (kv.format()) {
            case F32 -> RawMemory.getFloat(keys + 4L * (d * TILE + slot));
            case BF16 -> Bf16.value(RawMemory.getShort(keys + 4L * (d / 2 * TILE + slot) + 2 * (d % 2)));
            case Q8_0, Q4_0 -> {
                long scale = keys + kv.scalesOffset() + 4L * (d / WeightFormat.BLOCK * TILE + slot);
                yield quantised(keys + d * TILE + slot, scale);
            }
        };
    }

    private float value(long position, int kvHead, int d) {
        long values = kv.data().address() + kv.valuesOffset(position, kvHead);
        int slot = (int) (position % TILE);
        return switch (kv.format()) {
            case F32 -> RawMemory.getFloat(values + 4L * (slot * kv.paddedDim() + d));
            case BF16 -> Bf16.value(RawMemory.getShort(values + 4L * (slot / 2 * kv.paddedDim() + d) + 2 * (slot % 2)));
            case Q8_0, Q4_0 -> {
                long scale = values + kv.scalesOffset() + 4L * (slot * kv.blocks() + d / WeightFormat.BLOCK);
                yield quantised(values + (long) slot * kv.paddedDim() + d, scale);
            }
        };
    }

    private static float quantised(long integer, long scale) {
        return Bf16.round(RawMemory.getByte(integer) * RawMemory.getFloat(scale));
    }
}
