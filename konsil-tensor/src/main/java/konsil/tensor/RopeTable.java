package konsil.tensor;

import konsil.kernel.Bf16;
import konsil.kernel.Rows;

/**
 * The angles of rotary position embedding (RoFormer, arXiv:2104.09864): pair d of a head is turned by {@code position /
 * factor * theta^(-2 d / headDim)}. Angles are computed in double, so that far positions stay apart.
 *
 * @param headDim values of a head, even; pair d is (d, d + headDim / 2)
 * @param theta base of the frequencies, 10000 in most networks
 * @param factor linear position scaling; 1 for none
 * @param coarse whether the angles for one position are rounded to bf16 first, as they are in a transformers model that
 *     was moved to bf16 whole; far positions then turn by other angles than the model was trained with
 */
public record RopeTable(int headDim, double theta, double factor, boolean coarse) {
    /** Exact angles. */
    public RopeTable(int headDim, double theta, double factor) {
        this(headDim, theta, factor, false);
    }

    public RopeTable {
        if (headDim <= 0 || headDim % 2 != 0 || !(theta > 0) || !(factor > 0)) {
            throw new IllegalArgumentException(
                    "rope: want an even head size and theta and factor above 0, got %d, %s, %s"
                            .formatted(headDim, theta, factor));
        }
    }

    /** How far pair {@code pair} of a head at {@code position} is turned, in radians. */
    public double angle(long position, int pair) {
        return position * perPosition(pair);
    }

    private double perPosition(int pair) {
        double exact = Math.pow(theta, -2.0 * pair / headDim) / factor;
        return coarse ? Bf16.round((float) exact) : exact;
    }

    /**
     * Cosines and sines, one row for each position.
     *
     * @param cos at least as many rows as positions, headDim / 2 columns
     * @param sin same
     */
    void fill(long[] positions, Rows cos, Rows sin) {
        for (int pair = 0; pair < headDim / 2; pair++) {
            double perPosition = perPosition(pair);
            for (int row = 0; row < positions.length; row++) {
                double angle = positions[row] * perPosition;
                cos.set(row, pair, (float) Math.cos(angle));
                sin.set(row, pair, (float) Math.sin(angle));
            }
        }
    }
}
