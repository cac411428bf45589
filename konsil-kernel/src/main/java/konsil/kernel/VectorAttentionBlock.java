package konsil.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention for the rows of one {@link VectorQueries}. What a row gets depends on nothing but the row and the keys it
 * sees, to the bit: tiles begin at multiples of 32 positions however the queries were put together, and a tile that a
 * row does not see leaves it as it was.
 */
final class VectorAttentionBlock {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final int L = Lanes.COUNT;
    private static final int TILE = KvTiles.TILE;
    private static final int ROWS = VectorTile.ROWS;

    private final KvTiles kv;
    private final VectorQueries queries;
    private final AttentionShape shape;
    private final boolean bf16;
    private final int dim;
    private final int paddedDim;
    private final long room;

    /** Everything below lies in here: queries, weighted values, sums of numerators, maxima, scores, numerators. */
    private final float[] numbers;

    private final int values;
    private final int sums;
    private final int maxima;
    private final int scores;
    private final int numerators;

    /**
     * @param numbers as many as {@link VectorQueries#size} says
     * @param room in BF16, for the keys and values of a tile in f32
     */
    VectorAttentionBlock(KvTiles kv, VectorQueries queries, float[] numbers, long room) {
        this.kv = kv;
        this.queries = queries;
        this.numbers = numbers;
        this.room = room;
        shape = queries.shape();
        bf16 = kv.format() == WeightFormat.BF16;
        dim = shape.headDim();
        paddedDim = kv.paddedDim();
        values = queries.padded() * dim;
        sums = values + queries.padded() * paddedDim;
        maxima = sums + queries.padded() * L;
        scores = maxima + queries.padded();
        numerators = scores + ROWS * TILE;
    }

    void run(Rows q, Rows y) {
        for (int row = 0; row < queries.count(); row++) {
            long from = q.address(queries.query(row)) + 4L * queries.column(row);
            if (bf16) {
                VectorInput.round(from, numbers, row * dim, dim);
            } else {
                VectorInput.copy(from, numbers, row * dim, dim);
            }
        }
        Arrays.fill(numbers, values, maxima, 0);
        Arrays.fill(numbers, maxima, scores, Float.NEGATIVE_INFINITY);
        long end = queries.end();
        for (long position = end == 0 ? 0 : queries.firstTile(); position < end; position += TILE) {
            tile(position);
        }
        for (int row = 0; row < queries.count(); row++) {
            finish(row, y.address(queries.query(row)) + 4L * queries.column(row));
        }
    }

    private void tile(long position) {
        long keys = kv.data().address() + kv.keysOffset(position, queries.kvHead());
        long tileValues = keys + kv.headBytes();
        if (bf16) {
            long roomForValues = room + 4L * TILE * paddedDim;
            VectorPanel.bf16(keys, room, paddedDim, TILE);
            VectorPanel.bf16(tileValues, roomForValues, TILE, paddedDim);
            keys = room;
            tileValues = roomForValues;
        }
        for (int row = 0; row < queries.count(); row += ROWS) {
            if (anySees(row, position)) {
                score(row, keys);
                for (int i = 0; i < ROWS; i++) {
                    soften(row + i, position, scores + i * TILE, numerators + i * TILE);
                }
                weigh(row, tileValues);
            }
        }
    }

    private boolean anySees(int first, long position) {
        for (int row = first; row < Math.min(first + ROWS, queries.count()); row++) {
            if (queries.sees(row, position)) {
                return true;
            }
        }
        return false;
    }

    private void score(int row, long keys) {
        Arrays.fill(numbers, scores, numerators, 0);
        for (int i = 0; i < TILE; i += 2 * L) {
            var place = new VectorTile.Place(keys + 4L * i, 4L * TILE, numbers, scores + i, TILE);
            VectorTile.multiply(numbers, row * dim, dim, place, dim);
        }
    }

    private void weigh(int row, long tileValues) {
        int i = 0;
        for (; i + 2 * L <= paddedDim; i += 2 * L) {
            var place = new VectorTile.Place(
                    tileValues + 4L * i, 4L * paddedDim, numbers, values + row * paddedDim + i, paddedDim);
            VectorTile.multiply(numbers, numerators, TILE, place, TILE);
        }
        if (i < paddedDim) {
            var place = new VectorTile.Place(
                    tileValues + 4L * i, 4L * paddedDim, numbers, values + row * paddedDim + i, paddedDim);
            VectorTile.multiplyNarrow(numbers, numerators, TILE, place, TILE);
        }
    }

    /** Makes a row's numerators of its scores; they are zero where the row sees nothing. */
    private void soften(int row, long position, int from, int to) {
        if (row >= queries.count() || !queries.sees(row, position)) {
            Arrays.fill(numbers, to, to + TILE, 0);
            return;
        }
        int firstKey = (int) Math.max(0, queries.from(row) - position);
        int endKey = (int) Math.min(TILE, queries.to(row) - position);
        if (finishScores(from, firstKey, endKey, numbers[maxima + row])) {
            raiseMaximum(row, from);
        }
        float largest = numbers[maxima + row];
        var sum = FloatVector.fromArray(F, numbers, sums + row * L);
        for (int i = 0; i < TILE; i += L) {
            var e = VectorMath.expOfNegative(
                    FloatVector.fromArray(F, numbers, from + i).sub(largest));
            var numerator = bf16 ? Lanes.roundBf16(e) : e;
            numerator.intoArray(numbers, to + i);
            sum = sum.add(numerator);
        }
        sum.intoArray(numbers, sums + row * L);
    }

    /** Scale, cap and mask; whether any score is above the largest so far. */
    private boolean finishScores(int at, int firstKey, int endKey, float largest) {
        boolean above = false;
        for (int i = 0; i < TILE; i += L) {
            var score = FloatVector.fromArray(F, numbers, at + i).mul(shape.scale());
            if (shape.softCap() != 0) {
                score = VectorMath.tanh(score.div(shape.softCap())).mul(shape.softCap());
            }
            if (endKey - firstKey < TILE) {
                var hidden =
                        F.indexInRange(i, firstKey).or(F.indexInRange(i, endKey).not());
                score = score.blend(Float.NEGATIVE_INFINITY, hidden);
            }
            score.intoArray(numbers, at + i);
            above |= score.compare(VectorOperators.GT, largest).anyTrue();
        }
        return above;
    }

    /** Takes the largest of the scores as the row's new maximum and scales what was summed under the old one. */
    private void raiseMaximum(int row, int at) {
        float old = numbers[maxima + row];
        float largest = old;
        for (int i = 0; i < TILE; i += L) {
            largest =
                    Math.max(largest, FloatVector.fromArray(F, numbers, at + i).reduceLanes(VectorOperators.MAX));
        }
        numbers[maxima + row] = largest;
        var factor = VectorMath.expOfNegative(Lanes.all(old - largest));
        FloatVector.fromArray(F, numbers, sums + row * L).mul(factor).intoArray(numbers, sums + row * L);
        for (int i = 0; i < paddedDim; i += L) {
            int place = values + row * paddedDim + i;
            FloatVector.fromArray(F, numbers, place).mul(factor).intoArray(numbers, place);
        }
    }

    /** Divides by the sum of the numerators. Zero is added because the sign of a zero may depend on tiles not seen. */
    private void finish(int row, long y) {
        if (!queries.seesNothing(row)) {
            float sum = VectorMath.sum(FloatVector.fromArray(F, numbers, sums + row * L));
            for (int i = 0; i < paddedDim; i += L) {
                int place = values + row * paddedDim + i;
                FloatVector.fromArray(F, numbers, place).div(sum).add(0).intoArray(numbers, place);
            }
        }
        VectorInput.copy(numbers, values + row * paddedDim, y, dim);
    }
}
