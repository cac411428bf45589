package konsil.train.optim;

import java.util.Locale;
import konsil.tensor.BadInputException;

/**
 * How the learning rate changes: it rises in a line from 0 over the warm-up and then follows a shape; the same factors
 * as transformers' get_*_schedule_with_warmup. With a warm-up the very first step is therefore taken with 0.
 *
 * @param warmUp steps, at most {@code total}
 * @param total steps of the whole run
 */
public record Schedule(Shape shape, double peak, long warmUp, long total) {
    /** What comes after the warm-up. */
    public enum Shape {
        /** The peak, to the end. */
        CONSTANT,
        /** A line down to 0. */
        LINEAR,
        /** Half a cosine down to 0. */
        COSINE;

        /** @throws BadInputException when there is none of this name */
        public static Shape named(String name) {
            for (var shape : values()) {
                if (shape.name().equalsIgnoreCase(name)) {
                    return shape;
                }
            }
            throw new BadInputException(
                    "schedule: want constant, linear or cosine, got " + name.toLowerCase(Locale.ROOT));
        }
    }

    public Schedule {
        if (!(peak > 0) || !Double.isFinite(peak)) {
            throw new BadInputException("learning rate: want more than 0, got " + peak);
        }
        if (total < 1 || warmUp < 0 || warmUp > total) {
            throw new BadInputException(
                    "schedule: want at least 1 step and a warm-up of 0 to all, got %d of %d".formatted(warmUp, total));
        }
    }

    /** A warm-up of this share of all steps, rounded up. @param share 0 to 1 */
    public static Schedule of(Shape shape, double peak, double share, long total) {
        if (!(share >= 0 && share <= 1)) {
            throw new BadInputException("warm-up: want a share of 0 to 1, got " + share);
        }
        return new Schedule(shape, peak, (long) Math.ceil(total * share), total);
    }

    /** The learning rate of a step. @param step 0 for the first */
    public double at(long step) {
        if (step < warmUp) {
            return peak * step / warmUp;
        }
        double done = (double) (step - warmUp) / Math.max(1, total - warmUp);
        return switch (shape) {
            case CONSTANT -> peak;
            case LINEAR -> peak * Math.max(0, 1 - done);
            case COSINE -> peak * Math.max(0, 0.5 * (1 + Math.cos(Math.PI * done)));
        };
    }
}
