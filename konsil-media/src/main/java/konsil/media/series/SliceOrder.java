package konsil.media.series;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import konsil.media.Vector3;

/**
 * Slices of one orientation in the order of their places. Slices lie in the same place when less than a hundredth of a
 * millimetre is between them.
 */
final class SliceOrder {
    private static final double SAME_PLACE = 0.01;

    private SliceOrder() {}

    /** One stack; or several, when every place has several slices that no mark tells apart. */
    static List<SliceGroup> sorted(List<SliceSource> slices) {
        List<List<SliceSource>> places = places(slices);
        int most = places.stream().mapToInt(List::size).max().orElse(1);
        boolean even = places.stream().allMatch(place -> place.size() == most);
        if (most > 1 && even) {
            var stacks = new ArrayList<SliceGroup>();
            for (int i = 0; i < most; i++) {
                int number = i;
                var chosen = places.stream().map(place -> place.get(number)).toList();
                String note = "every place has %d slices; this is number %d of each, by instance number"
                        .formatted(most, i + 1);
                stacks.add(stack(chosen, List.of(note)));
            }
            return stacks;
        }
        var notes = new ArrayList<String>();
        int left = slices.size() - places.size();
        if (left > 0) {
            notes.add("%d slices lie where another one lies and are left out".formatted(left));
        }
        return List.of(stack(places.stream().map(List::getFirst).toList(), notes));
    }

    /** How far a slice lies along the normal of the first one. */
    private static double along(Vector3 normal, SliceSource slice) {
        return slice.plane().orElseThrow().position().dot(normal);
    }

    /** Slices by place, rising along the normal; of one place by instance number. */
    private static List<List<SliceSource>> places(List<SliceSource> slices) {
        Vector3 normal = slices.getFirst().plane().orElseThrow().normal();
        var sorted = new ArrayList<>(slices);
        sorted.sort(Comparator.comparingDouble((SliceSource slice) -> along(normal, slice))
                .thenComparingInt(SliceSource::instance));
        var places = new ArrayList<List<SliceSource>>();
        double last = Double.NaN;
        for (SliceSource slice : sorted) {
            double at = along(normal, slice);
            if (!(Math.abs(at - last) < SAME_PLACE)) {
                places.add(new ArrayList<>());
                last = at;
            }
            places.getLast().add(slice);
        }
        for (List<SliceSource> place : places) {
            place.sort(Comparator.comparingInt(SliceSource::instance));
        }
        return places;
    }

    /**
     * Published recipes take slices by instance number. Where these run exactly against the normal, the stack does too:
     * its geometry says so, and the order is theirs.
     */
    private static SliceGroup.Stack stack(List<SliceSource> rising, List<String> found) {
        var notes = new ArrayList<>(found);
        boolean up = true;
        boolean down = true;
        for (int i = 1; i < rising.size(); i++) {
            int step =
                    Integer.compare(rising.get(i).instance(), rising.get(i - 1).instance());
            up &= step > 0;
            down &= step < 0;
        }
        if (!up && !down) {
            notes.add("the instance numbers do not follow the places; the places count");
        }
        var ordered = down && rising.size() > 1 ? rising.reversed() : rising;
        return new SliceGroup.Stack(SliceGroups.what(ordered), ordered, notes);
    }
}
