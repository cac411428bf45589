package konsil.media.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import konsil.media.Geometry;
import konsil.media.series.SliceSource.Kind;
import konsil.media.series.SliceSource.Plane;

/**
 * Sorts slices into volumes: by series, modality, size, spacing, orientation (within 0.8 degrees), stack, echo,
 * b-value, gradient and time.
 */
public final class SliceGroups {
    private static final double SAME_DIRECTION = 0.9999;
    private static final double SAME_SPACING = 1e-3;

    private SliceGroups() {}

    /** The groups in the order in which their first slices come; every slice is in one, or named as left out. */
    public static List<SliceGroup> of(List<SliceSource> slices) {
        var bins = new ArrayList<List<SliceSource>>();
        for (SliceSource slice : slices) {
            bins.stream()
                    .filter(bin -> belongTogether(bin.getFirst(), slice))
                    .findFirst()
                    .orElseGet(() -> added(bins))
                    .add(slice);
        }
        var groups = new ArrayList<SliceGroup>();
        for (List<SliceSource> bin : bins) {
            String reason = reason(bin.getFirst());
            if (reason.isEmpty()) {
                groups.addAll(SliceOrder.sorted(bin));
            } else {
                groups.add(new SliceGroup.Refused(what(bin), bin.size(), reason));
            }
        }
        return List.copyOf(groups);
    }

    private static List<SliceSource> added(List<List<SliceSource>> bins) {
        var bin = new ArrayList<SliceSource>();
        bins.add(bin);
        return bin;
    }

    private static boolean belongTogether(SliceSource a, SliceSource b) {
        return a.series().equals(b.series())
                && a.modality().equals(b.modality())
                && a.kind() == b.kind()
                && a.columns() == b.columns()
                && a.rows() == b.rows()
                && a.marks().equals(b.marks())
                && a.plane().isPresent() == b.plane().isPresent()
                && (a.plane().isEmpty() || isParallel(a.plane().get(), b.plane().get()));
    }

    private static boolean isParallel(Plane a, Plane b) {
        return a.row().dot(b.row()) > SAME_DIRECTION
                && a.column().dot(b.column()) > SAME_DIRECTION
                && Math.abs(a.columnSpacing() - b.columnSpacing()) <= SAME_SPACING * a.columnSpacing()
                && Math.abs(a.rowSpacing() - b.rowSpacing()) <= SAME_SPACING * a.rowSpacing();
    }

    /** Why slices like this one are no volume; empty when they may be one. */
    private static String reason(SliceSource slice) {
        if (slice.kind() == Kind.MOSAIC) {
            return "each picture is a mosaic of many slices, and the file does not say how many or which way they"
                    + " follow each other (SIEMENS CSA HEADER); send the series as enhanced MR, or convert it to NIfTI";
        }
        if (slice.kind() == Kind.LOCALISER) {
            return "these are localisers, pictures to plan others on";
        }
        if (slice.plane().isEmpty()) {
            return "the files do not say where the slices lie (Image Position, Image Orientation, Pixel Spacing)";
        }
        Plane plane = slice.plane().get();
        boolean sound = Geometry.isNumber(plane.position())
                && Geometry.spans(
                        plane.row().times(plane.columnSpacing()),
                        plane.column().times(plane.rowSpacing()),
                        plane.normal());
        return sound ? "" : "the directions or spacings of the slices are damaged";
    }

    /** The group in few words. */
    static String what(List<SliceSource> slices) {
        SliceSource first = slices.getFirst();
        var what = new StringBuilder();
        what.append("%s, %d x %d, %d slices".formatted(first.modality(), first.columns(), first.rows(), slices.size()));
        append(what, "echo %s ms", first.marks().echoTime());
        append(what, "b-value %s", first.marks().bValue());
        if (first.marks().time() > 0) {
            what.append(", time point ").append(first.marks().time());
        }
        return what.toString();
    }

    private static void append(StringBuilder what, String form, OptionalDouble value) {
        if (value.isPresent()) {
            what.append(", ").append(form.formatted(String.format(Locale.ROOT, "%.4g", value.getAsDouble())));
        }
    }
}
