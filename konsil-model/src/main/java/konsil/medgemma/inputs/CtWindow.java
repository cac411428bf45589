package konsil.medgemma.inputs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import konsil.tensor.BadInputException;

/**
 * The Hounsfield units that become the levels 0 to 255.
 *
 * @param low this and everything below is 0
 * @param high this and everything above is 255
 */
public record CtWindow(float low, float high) {
    /**
     * What MedGemma 1.5 was trained with: everything from air to bone in red, soft tissue in green, brain in blue.
     * Google's serving code has 135..215 in green, a minus sign lost on the way from -135..215 to centre 175 and width
     * 80; its notebook and the technical report agree on -135.
     */
    public static final List<CtWindow> PUBLISHED =
            List.of(new CtWindow(-1024, 1024), new CtWindow(-135, 215), new CtWindow(0, 80));

    private static final Pattern WINDOW = Pattern.compile("(-?\\d{1,5})\\.\\.(-?\\d{1,5})");

    /** @throws BadInputException when nothing lies between */
    public CtWindow {
        if (!(low < high) || !Float.isFinite(low) || !Float.isFinite(high)) {
            throw new BadInputException("window: want a low end below the high end, got %s..%s".formatted(low, high));
        }
    }

    /**
     * Windows as people write them: {@code -1024..1024,-135..215,0..80} for red, green and blue, or one for all three.
     *
     * @throws BadInputException when they are neither one nor three windows
     */
    public static List<CtWindow> parse(String windows) {
        var found = new ArrayList<CtWindow>();
        for (String part : windows.split(",", 4)) {
            var matcher = WINDOW.matcher(part.strip());
            if (!matcher.matches()) {
                throw new BadInputException(
                        "window: want Hounsfield units like -135..215, got \"%s\"".formatted(Shown.text(part)));
            }
            found.add(new CtWindow(Float.parseFloat(matcher.group(1)), Float.parseFloat(matcher.group(2))));
        }
        return switch (found.size()) {
            case 1 -> List.of(found.getFirst(), found.getFirst(), found.getFirst());
            case 3 -> List.copyOf(found);
            default ->
                throw new BadInputException(
                        "window: want one window, or three for red, green and blue, got %d".formatted(found.size()));
        };
    }

    /** Level of a value, in f32 and rounded half to even, step by step as Google's notebook computes it with numpy. */
    int level(float hu) {
        if (hu <= low) {
            return 0;
        }
        return hu >= high ? 255 : (int) Math.rint((hu - low) / (high - low) * 255f);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.0f..%.0f", low, high);
    }
}
