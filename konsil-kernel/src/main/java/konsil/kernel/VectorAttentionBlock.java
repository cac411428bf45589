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
    private static final int FEW = 3;

    private final KvTiles kv;
    private final VectorQueries queries;
    private final AttentionShape shape;

    /** Whether keys, values and what they meet are rounded to bf16. */
    private final boolean bf16;

    private final int dim;

    /** Numbers from a row of queries to the next; but for F32 an even count, with a zero after an odd dimension. */
    private final int lead;

    /** Whether rows are so few that each is multiplied for itself, and tiles are not unpacked. */
    private final boolean few;

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
     * @param room but for F32, for the keys and values of a tile in f32
     */
    VectorAttentionBlock(KvTiles kv, VectorQueries queries, float[] numbers, long room) {
        this.kv = kv;
        this.queries = queries;
        this.numbers = numbers;
        this.room = room;
        shape = queries.shape();
        bf16 = kv.format() != WeightFormat.F32;
        dim = shape.headDim();
        lead = Math.ceilDiv(dim, 2) * 2;
        paddedDim = kv.paddedDim();
        few = queries.count() <= FEW && paddedDim % (2 * L) == 0 && !kv.format().quantised();
        values = queries.padded() * lead;
        sums = values + queries.padded() * paddedDim;
        maxima = sums + queries.padded() * L;
        scores = maxima + queries.padded();
        numerators = scores + ROWS * TILE;
    }

    void run(Rows q, Rows y) {
        for (int row = 0; row < queries.count(); row++) {
            long from = q.address(queries.query(row)) + 4L * queries.column(row);
            if (bf16) {
                VectorInput.round(from, numbers, row * lead, dim);
            } else {
                VectorInput.copy(from, numbers, row * lead, dim);
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
        if (bf16 && !few) {
            long roomForValues = room + 4L * TILE * paddedDim;
            if (kv.format().quantised()) {
                VectorPanel.q8Keys(kv, keys, room);
                VectorPanel.q8Values(kv, tileValues, roomForValues);
            } else {
                VectorPanel.bf16(keys, room, paddedDim, TILE);
                VectorPanel.bf16(tileValues, roomForValues, TILE, paddedDim);
            }
            keys = room;
            tileValues = roomForValues;
        }
        for (int row = 0; row < queries.count(); row += ROWS) {
            if (anySees(row, position)) {
                score(row, keys);
                soften(row, position);
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
            if (few) {
                eachAlone(row * lead, lead, place, bf16 ? lead : dim);
            } else {
                VectorTile.multiply(numbers, row * lead, lead, place, dim);
            }
        }
    }

    private void weigh(int row, long tileValues) {
        for (int i = 0; i < paddedDim; i += 2 * L) {
            var place = new VectorTile.Place(
                    tileValues + 4L * i, 4L * paddedDim, numbers, values + row * paddedDim + i, paddedDim);
            if (few) {
                eachAlone(numerators, TILE, place, TILE);
            } else if (i + 2 * L <= paddedDim) {
                VectorTile.multiply(numbers, numerators, TILE, place, TILE);
            } else {
                VectorTile.multiplyNarrow(numbers, numerators, TILE, place, TILE);
            }
        }
    }

    private void eachAlone(int at, int step, VectorTile.Place place, int k) {
        for (int i = 0; i < queries.count(); i++) {
            var own = new VectorTile.Place(place.b(), place.bStep(), numbers, place.at() + i * place.cStep(), 0);
            if (bf16) {
                VectorRow.bf16(numbers, at + i * step, own, k);
            } else {
                VectorRow.f32(numbers, at + i * step, own, k);
            }
        }
    }

    /** Makes numerators of the scores of a tile's rows; they are zero where a row sees nothing. */
    private void soften(int first, long position) {
        scale();
        if (shape.softCap() != 0) {
            cap();
        }
        for (int i = 0; i < ROWS; i++) {
            int at = scores + i * TILE;
            if (sees(first + i, position)) {
                int firstKey = (int) Math.max(0, queries.from(first + i) - position);
                int endKey = (int) Math.min(TILE, queries.to(first + i) - position);
                Arrays.fill(numbers, at, at + firstKey, Float.NEGATIVE_INFINITY);
                Arrays.fill(numbers, at + endKey, at + TILE, Float.NEGATIVE_INFINITY);
                raiseMaximum(first + i, at);
            }
        }
        exponentials(maxima + first);
        for (int i = 0; i < ROWS; i++) {
            if (!sees(first + i, position)) {
                Arrays.fill(numbers, numerators + i * TILE, numerators + (i + 1) * TILE, 0);
            }
        }
        if (bf16) {
            round();
        }
        addUp(sums + first * L);
    }

    private boolean sees(int row, long position) {
        return row < queries.count() && queries.sees(row, position);
    }

    private void scale() {
        for (int i = scores; i < numerators; i += L) {
            FloatVector.fromArray(F, numbers, i).mul(shape.scale()).intoArray(numbers, i);
        }
    }

    private void cap() {
        for (int i = scores; i < numerators; i += L) {
            var score = FloatVector.fromArray(F, numbers, i).div(shape.softCap());
            VectorMath.tanh(score).mul(shape.softCap()).intoArray(numbers, i);
        }
    }

    private void exponentials(int largest) {
        int vectors = TILE / L;
        for (int i = 0; i < ROWS * vectors; i++) {
            var score = FloatVector.fromArray(F, numbers, scores + i * L);
            var below = score.sub(numbers[largest + i / vectors]);
            VectorMath.expOfNegative(below).intoArray(numbers, numerators + i * L);
        }
    }

    private void round() {
        for (int i = numerators; i < numerators + ROWS * TILE; i += L) {
            Lanes.roundBf16(FloatVector.fromArray(F, numbers, i)).intoArray(numbers, i);
        }
    }

    private void addUp(int to) {
        for (int row = 0; row < ROWS; row++) {
            var sum = FloatVector.fromArray(F, numbers, to + row * L);
            for (int i = 0; i < TILE; i += L) {
                sum = sum.add(FloatVector.fromArray(F, numbers, numerators + row * TILE + i));
            }
            sum.intoArray(numbers, to + row * L);
        }
    }

    /** If a score is above all before, it is the row's new maximum, and what was summed under the old one shrinks. */
    private void raiseMaximum(int row, int at) {
        float old = numbers[maxima + row];
        var above = FloatVector.fromArray(F, numbers, at);
        for (int i = L; i < TILE; i += L) {
            above = above.max(FloatVector.fromArray(F, numbers, at + i));
        }
        if (above.compare(VectorOperators.LE, old).allTrue()) {
            return;
        }
        float largest = Math.max(old, above.reduceLanes(VectorOperators.MAX));
        numbers[maxima + row] = largest;
        var factor = VectorMath.expOfNegative(Lanes.all(old - largest));
        FloatVector.fromArray(F, numbers, sums + row * L).mul(factor).intoArray(numbers, sums + row * L);
        for (int i = values + row * paddedDim; i < values + (row + 1) * paddedDim; i += L) {
            FloatVector.fromArray(F, numbers, i).mul(factor).intoArray(numbers, i);
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
