package konsil.train.run;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What came of a run.
 *
 * @param steps taken in all
 * @param last figure of the last step that was taken now; empty when there was none
 * @param best held-out figure
 * @param bestStep when that was; -1 for never
 * @param early whether the held-out figure ended it
 * @param result the adapter or model; empty when the run was stopped and can go on
 * @param page with the curves
 */
public record Outcome(
        long steps,
        OptionalDouble last,
        OptionalDouble best,
        long bestStep,
        boolean early,
        Optional<Path> result,
        Path page) {}
