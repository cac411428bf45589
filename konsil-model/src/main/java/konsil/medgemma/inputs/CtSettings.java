package konsil.medgemma.inputs;

import java.util.List;
import java.util.stream.Collectors;
import konsil.tensor.BadInputException;

/**
 * How a CT is shown.
 *
 * @param windows for red, green and blue
 * @param sampling which slices
 */
public record CtSettings(List<CtWindow> windows, SliceSampling sampling) {
    /** @throws BadInputException when there are not three windows */
    public CtSettings {
        windows = List.copyOf(windows);
        if (windows.size() != 3) {
            throw new BadInputException("window: want three, for red, green and blue, got " + windows.size());
        }
    }

    /** As MedGemma 1.5 was trained. */
    public static CtSettings published() {
        return new CtSettings(CtWindow.PUBLISHED, SliceSampling.published());
    }

    /**
     * What users give on a command line, each possibly empty for the published value.
     *
     * @param windows see {@link CtWindow#parse}
     * @param slices see {@link SliceSampling#parse}
     * @param most slices shown
     * @throws BadInputException when one of them cannot be read
     */
    public static CtSettings parse(String windows, String slices, int most) {
        return new CtSettings(
                windows.isBlank() ? CtWindow.PUBLISHED : CtWindow.parse(windows),
                SliceSampling.parse(slices.isBlank() ? ".." : slices, most));
    }

    /** The windows as {@link CtWindow#parse} reads them, for the record. */
    public String windowText() {
        return windows.stream().map(CtWindow::toString).collect(Collectors.joining(","));
    }
}
