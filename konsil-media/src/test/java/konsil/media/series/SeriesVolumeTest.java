package konsil.media.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import konsil.media.BadMediaException;
import konsil.media.Vector3;
import konsil.media.Volume;
import konsil.media.Voxels;
import konsil.media.series.SeriesVolume.Gaps;
import konsil.media.series.SliceSource.Kind;
import konsil.media.series.SliceSource.Marks;
import konsil.media.series.SliceSource.Plane;
import org.junit.jupiter.api.Test;

class SeriesVolumeTest {
    private static final Vector3 LEFT = new Vector3(1, 0, 0);
    private static final Vector3 BACK = new Vector3(0, 1, 0);
    private static final long MOST = 1 << 20;

    /** A slice whose pixels are all its instance number. */
    private static SliceSource slice(int instance, Vector3 position, Marks marks) {
        var plane = new Plane(position, LEFT, BACK, 0.5, 0.75, OptionalDouble.of(5));
        return new SliceSource(
                "s", "CT", instance, 3, 2, Optional.of(plane), marks, Kind.SLICE, () -> pixels(instance));
    }

    private static SliceSource slice(int instance, double z) {
        return slice(instance, new Vector3(-10, -20, z), Marks.NONE);
    }

    private static Voxels pixels(int instance) {
        var stored = new short[6];
        java.util.Arrays.fill(stored, (short) (instance + 1000));
        return new Voxels.Shorts(stored, false, 1, -1000);
    }

    private static List<SliceSource> rising(int count, double step) {
        var slices = new ArrayList<SliceSource>();
        for (int i = 0; i < count; i++) {
            slices.add(slice(i + 1, 100 + i * step));
        }
        return slices;
    }

    private static SliceGroup.Stack only(List<SliceSource> slices) {
        var groups = SliceGroups.of(slices);
        assertThat(groups).hasSize(1);
        return (SliceGroup.Stack) groups.getFirst();
    }

    private static SeriesVolume volume(List<SliceSource> slices, Gaps gaps) {
        return SeriesVolume.of(only(slices), gaps, MOST);
    }

    /** The instance number that each slice shows. */
    private static List<Integer> shown(Volume volume) {
        var numbers = new ArrayList<Integer>();
        for (int s = 0; s < volume.slices(); s++) {
            numbers.add(Math.round(volume.value(2, 1, s)));
        }
        return numbers;
    }

    @Test
    void sortsAlongTheNormalWhateverOrderTheFilesCome() {
        List<SliceSource> slices = rising(7, 2.5);
        Collections.shuffle(slices, new Random(1));
        var built = volume(slices, Gaps.REFUSE);
        assertThat(shown(built.volume())).containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(built.notes()).isEmpty();
        assertThat(built.volume().unit()).isEqualTo(Volume.Unit.HOUNSFIELD);
        assertThat(built.volume().voxels()).isInstanceOf(Voxels.Shorts.class);
        assertThat(built.volume().geometry().point(1, 1, 6)).isEqualTo(new Vector3(-9.5, -19.25, 115));
        assertThat(built.volume().geometry().axes()).isEqualTo("LPS");
    }

    @Test
    void followsInstanceNumbersThatRunAgainstTheNormal() {
        var slices = new ArrayList<SliceSource>();
        for (int i = 0; i < 5; i++) {
            slices.add(slice(i + 1, 300 - 2 * i));
        }
        var built = volume(slices, Gaps.REFUSE);
        assertThat(shown(built.volume())).containsExactly(1, 2, 3, 4, 5);
        assertThat(built.volume().geometry().sliceStep()).isEqualTo(new Vector3(0, 0, -2));
        assertThat(built.volume().geometry().axes()).isEqualTo("LPI");
        slices.set(2, slice(99, 296));
        var mixed = volume(slices, Gaps.REFUSE);
        assertThat(shown(mixed.volume())).containsExactly(5, 4, 99, 2, 1);
        assertThat(mixed.notes()).containsExactly("the instance numbers do not follow the places; the places count");
    }

    @Test
    void tellsEchoesTimesAndSeriesApart() {
        var slices = new ArrayList<SliceSource>();
        for (int i = 0; i < 3; i++) {
            var place = new Vector3(0, 0, i);
            var echo = new Marks("", OptionalDouble.of(30), OptionalDouble.empty(), "", 0);
            var late = new Marks("", OptionalDouble.of(90), OptionalDouble.of(1000), "", 2);
            slices.add(slice(i, place, echo));
            slices.add(slice(i + 10, place, late));
        }
        slices.add(new SliceSource(
                "other", "CT", 1, 3, 2, slices.getFirst().plane(), Marks.NONE, Kind.SLICE, () -> pixels(1)));
        var groups = SliceGroups.of(slices);
        assertThat(groups)
                .extracting(SliceGroup::what)
                .containsExactly(
                        "CT, 3 x 2, 3 slices, echo 30.00 ms",
                        "CT, 3 x 2, 3 slices, echo 90.00 ms, b-value 1000, time point 2",
                        "CT, 3 x 2, 1 slices");
        var one = SeriesVolume.of((SliceGroup.Stack) groups.get(2), Gaps.REFUSE, MOST);
        assertThat(one.volume().geometry().sliceSpacing()).isEqualTo(5);
    }

    @Test
    void splitsPlacesThatHaveSeveralSlicesAndDropsCopies() {
        List<SliceSource> twice = rising(3, 2);
        for (int i = 0; i < 3; i++) {
            twice.add(slice(i + 11, 100 + 2 * i));
        }
        var groups = SliceGroups.of(twice);
        assertThat(groups).hasSize(2);
        var second = SeriesVolume.of((SliceGroup.Stack) groups.get(1), Gaps.REFUSE, MOST);
        assertThat(shown(second.volume())).containsExactly(11, 12, 13);
        assertThat(second.notes().getFirst()).contains("every place has 2 slices; this is number 2");

        List<SliceSource> numberedAlike = rising(3, 2);
        numberedAlike.addAll(rising(3, 2));
        assertThat(SliceGroups.of(numberedAlike)).hasSize(2);
        List<SliceSource> one = rising(3, 2);
        one.add(slice(9, 102));
        var built = volume(one, Gaps.REFUSE);
        assertThat(shown(built.volume())).containsExactly(1, 2, 3);
    }

    @Test
    void missingSlicesAreRefusedKeptOrComputed() {
        List<SliceSource> slices = rising(8, 2);
        slices.remove(4);
        slices.remove(4);
        assertThatThrownBy(() -> volume(slices, Gaps.REFUSE))
                .isInstanceOf(BadMediaException.class)
                .hasMessage("the series (CT, 3 x 2, 6 slices): 2 slices are missing behind slice 4; keep the slices as"
                        + " they are, or interpolate");
        var kept = volume(slices, Gaps.KEEP);
        assertThat(shown(kept.volume())).containsExactly(1, 2, 3, 4, 7, 8);
        assertThat(kept.volume().voxels()).isInstanceOf(Voxels.Shorts.class);
        assertThat(kept.notes()).containsExactly("2 slices are missing behind slice 4; kept");
        var computed = volume(slices, Gaps.INTERPOLATE);
        assertThat(shown(computed.volume())).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(computed.volume().geometry().sliceSpacing()).isCloseTo(2, within(1e-9));
    }

    @Test
    void unequalDistancesAreNamed() {
        var slices = List.of(slice(1, 0), slice(2, 2), slice(3, 4), slice(4, 7), slice(5, 9));
        assertThatThrownBy(() -> volume(slices, Gaps.REFUSE))
                .hasMessageContaining("not equally far apart: 3.000 mm behind slice 3, 2.000 mm elsewhere");
        assertThat(volume(slices, Gaps.INTERPOLATE).volume().value(0, 0, 1)).isCloseTo(1.9f, within(1e-4f));
        // Rounded positions are equal enough.
        var rounded = List.of(slice(1, 0), slice(2, 0.67), slice(3, 1.33), slice(4, 2));
        assertThat(volume(rounded, Gaps.REFUSE).notes()).isEmpty();
    }

    @Test
    void aTiltedGantryIsAShearAndSaidSo() {
        var slices = new ArrayList<SliceSource>();
        for (int i = 0; i < 6; i++) {
            slices.add(slice(i, new Vector3(0, i * 5 * Math.tan(Math.toRadians(15)), i * 5), Marks.NONE));
        }
        var built = volume(slices, Gaps.REFUSE);
        assertThat(built.volume().geometry().tilt()).isCloseTo(15, within(1e-6));
        assertThat(built.notes()).containsExactly("the gantry was tilted by 15.0 degrees; a reslice makes it straight");
        slices.set(3, slice(3, new Vector3(7, 3 * 5 * Math.tan(Math.toRadians(15)), 15), Marks.NONE));
        assertThatThrownBy(() -> volume(slices, Gaps.REFUSE)).hasMessageContaining("slice 4 lies 7.00 mm beside");
    }

    @Test
    void slicesWithOwnRescalesBecomeFloats() {
        var slices = new ArrayList<SliceSource>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            SliceSource slice = slice(i, i);
            slices.add(new SliceSource(
                    "s",
                    "PT",
                    i,
                    3,
                    2,
                    slice.plane(),
                    Marks.NONE,
                    Kind.SLICE,
                    () -> new Voxels.Shorts(new short[] {1, 2, 3, 4, 5, 6}, true, number + 1, 0)));
        }
        Volume volume = volume(slices, Gaps.REFUSE).volume();
        assertThat(volume.slice(2)).containsExactly(3, 6, 9, 12, 15, 18);
        assertThat(volume.unit()).isEqualTo(Volume.Unit.SIGNAL);
    }

    @Test
    void refusesWhatIsNoVolumeWithTheReason() {
        SliceSource slice = slice(1, 0);
        var kinds = List.of(
                new SliceSource("a", "MR", 1, 3, 2, slice.plane(), Marks.NONE, Kind.MOSAIC, slice.pixels()),
                new SliceSource("a", "MR", 2, 3, 2, slice.plane(), Marks.NONE, Kind.LOCALISER, slice.pixels()),
                new SliceSource("a", "CR", 3, 3, 2, Optional.empty(), Marks.NONE, Kind.SLICE, slice.pixels()),
                damaged());
        assertThat(SliceGroups.of(kinds)).allSatisfy(g -> assertThat(g).isInstanceOf(SliceGroup.Refused.class));
        assertThat(SliceGroups.of(kinds))
                .extracting(g -> ((SliceGroup.Refused) g).reason())
                .satisfiesExactly(
                        r -> assertThat(r).contains("mosaic"),
                        r -> assertThat(r).contains("localisers"),
                        r -> assertThat(r).contains("do not say where"),
                        r -> assertThat(r).contains("damaged"));
        assertThatThrownBy(() -> SeriesVolume.of(only(rising(9, 1)), Gaps.REFUSE, 50))
                .hasMessageContaining("3 x 2 x 9 voxels, the limit is 50");
        var short1 = new SliceSource(
                "s", "CT", 9, 3, 2, slice.plane(), Marks.NONE, Kind.SLICE, () -> new Voxels.Floats(new float[5]));
        assertThatThrownBy(() -> volume(List.of(short1), Gaps.REFUSE)).hasMessageContaining("5 pixels, want 3 x 2");
        assertThat(SliceGroups.of(List.of())).isEmpty();
    }

    private static SliceSource damaged() {
        var plane = new Plane(new Vector3(0, 0, Double.NaN), LEFT, LEFT, 1, 1, OptionalDouble.empty());
        return new SliceSource("a", "MR", 4, 3, 2, Optional.of(plane), Marks.NONE, Kind.SLICE, () -> pixels(1));
    }

    @Test
    void survivesAnyPlaces() {
        var random = new Random(53);
        for (int round = 0; round < 500; round++) {
            var slices = new ArrayList<SliceSource>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                double z = random.nextInt(5) == 0 ? random.nextDouble() * 1e9 : random.nextInt(6);
                slices.add(slice(random.nextInt(5), new Vector3(random.nextInt(2) * 0.3, 0, z), Marks.NONE));
            }
            for (Gaps gaps : Gaps.values()) {
                for (SliceGroup group : SliceGroups.of(slices)) {
                    try {
                        var built = SeriesVolume.of((SliceGroup.Stack) group, gaps, 10_000);
                        assertThat(built.volume().slices()).isPositive();
                    } catch (BadMediaException refused) {
                        assertThat(refused).hasMessageStartingWith("the series (");
                    }
                }
            }
        }
    }
}
