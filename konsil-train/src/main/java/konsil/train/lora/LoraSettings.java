package konsil.train.lora;

import konsil.tensor.BadInputException;

/**
 * What kind of adapter is made.
 *
 * @param rank r, of all matrices
 * @param alpha the update is multiplied by alpha / rank
 * @param rankStabilised by alpha / root of the rank instead (arXiv:2312.03732)
 * @param dropout share of an update's inputs that are left out while training, 0 to below 1
 */
public record LoraSettings(int rank, double alpha, boolean rankStabilised, double dropout, Targets targets) {
    private static final int MOST = 1 << 14;

    public LoraSettings {
        if (rank < 1 || rank > MOST) {
            throw new BadInputException("rank: want 1 to %d, got %d".formatted(MOST, rank));
        }
        if (!(alpha > 0) || !Double.isFinite(alpha)) {
            throw new BadInputException("alpha: want more than 0, got " + alpha);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new BadInputException("dropout: want 0 to below 1, got " + dropout);
        }
    }

    float scale() {
        return (float) (alpha / (rankStabilised ? Math.sqrt(rank) : rank));
    }
}
