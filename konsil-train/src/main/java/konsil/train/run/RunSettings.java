package konsil.train.run;

import konsil.tensor.BadInputException;
import konsil.train.optim.AdamWSettings;
import konsil.train.optim.Schedule;

/**
 * How a run goes.
 *
 * @param batch examples of a step
 * @param clip bound of the gradient norm; infinite for none
 * @param every steps between two looks at the held-out set
 * @param save steps between two snapshots
 * @param patience looks without a better figure after which the run ends; 0 for never
 * @param seed of the order of examples and of all else that is drawn
 */
public record RunSettings(
        Schedule schedule,
        int batch,
        AdamWSettings optimiser,
        double clip,
        long every,
        long save,
        int patience,
        long seed) {
    private static final int MOST = 1 << 16;

    public RunSettings {
        if (batch < 1 || batch > MOST) {
            throw new BadInputException("batch: want 1 to %d examples, got %d".formatted(MOST, batch));
        }
        if (!(clip > 0)) {
            throw new BadInputException("clip: want more than 0, got " + clip);
        }
        if (every < 1 || save < 1 || patience < 0) {
            throw new BadInputException(
                    "want at least 1 step between looks at the held-out set (%d) and snapshots (%d), "
                                    .formatted(every, save)
                            + "and a patience of 0 or more (%d)".formatted(patience));
        }
    }

    /** Steps of the whole run. */
    public long steps() {
        return schedule.total();
    }
}
