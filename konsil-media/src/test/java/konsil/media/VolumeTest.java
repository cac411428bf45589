package konsil.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import konsil.media.Volume.Unit;
import org.junit.jupiter.api.Test;

class VolumeTest {
    /** Every way to store a block: six orders of axes, each with or without reversal. */
    private static List<AxisOrder> all48() {
        int[][] pairs = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        var all = new ArrayList<AxisOrder>();
        for (int[] pair : pairs) {
            for (int reversed = 0; reversed < 8; reversed++) {
                all.add(new AxisOrder(pair[0], pair[1], pair[2], reversed));
            }
        }
        return all;
    }

    @Test
    void becomesTheSameFromAll48Orders() {
        for (Volume upright : List.of(Volumes.numbered(3, 4, 5), Volumes.noise(5, 2, 4, 7))) {
            var axes = new HashSet<String>();
            for (AxisOrder order : all48()) {
                Volume stored = order.applied(upright);
                axes.add(stored.geometry().axes());
                Volume back = stored.upright();
                assertThat(back.voxels()).isEqualTo(upright.voxels());
                assertThat(back.columns()).isEqualTo(upright.columns());
                assertThat(back.rows()).isEqualTo(upright.rows());
                requireClose(back.geometry(), upright.geometry());
            }
            assertThat(axes).hasSize(48);
        }
    }

    private static void requireClose(Geometry got, Geometry want) {
        for (int i = 0; i < 12; i++) {
            assertThat(got.lpsAffine()[i]).isCloseTo(want.lpsAffine()[i], within(1e-9));
        }
    }

    @Test
    void keepsEveryVoxelAtItsPlace() {
        Volume stored = new AxisOrder(2, 0, 1, 0b101).applied(Volumes.numbered(3, 4, 5));
        Volume upright = stored.upright();
        for (int s = 0; s < stored.slices(); s++) {
            for (int r = 0; r < stored.rows(); r++) {
                for (int c = 0; c < stored.columns(); c++) {
                    Vector3 index = upright.geometry().index(stored.geometry().point(c, r, s));
                    float there = upright.value(
                            (int) Math.round(index.x()), (int) Math.round(index.y()), (int) Math.round(index.z()));
                    assertThat(there).isEqualTo(stored.value(c, r, s));
                }
            }
        }
    }

    @Test
    void reversesTheSlicesAlone() {
        Volume volume = Volumes.numbered(3, 4, 5);
        assertThat(volume.reversed().slice(0)).isEqualTo(volume.slice(4));
        assertThat(volume.reversed().geometry().point(1, 2, 4))
                .isEqualTo(volume.geometry().point(1, 2, 0));
        assertThat(volume.reversed().reversed().voxels()).isEqualTo(volume.voxels());
    }

    @Test
    void hasAnAffineInBothSystems() {
        var geometry = new Geometry(
                new Vector3(1, 2, 3), new Vector3(0.5, 0, 0), new Vector3(0, 0.7, 0), new Vector3(0, 0, 5));
        assertThat(geometry.lpsAffine()).containsExactly(0.5, 0, 0, 1, 0, 0.7, 0, 2, 0, 0, 5, 3);
        assertThat(geometry.rasAffine()).containsExactly(-0.5, 0, 0, -1, 0, -0.7, 0, -2, 0, 0, 5, 3);
        assertThat(Geometry.ofRasAffine(geometry.rasAffine()).lpsAffine()).containsExactly(geometry.lpsAffine());
        assertThat(geometry.axes()).isEqualTo("LPS");
        assertThat(geometry.obliquity()).isZero();
        var oblique = Volumes.oblique(3);
        requireClose(Geometry.ofRasAffine(oblique.rasAffine()), oblique);
        Vector3 index = oblique.index(oblique.point(3, 4.5, -2));
        assertThat(index.minus(new Vector3(3, 4.5, -2)).length()).isLessThan(1e-9);
        assertThat(oblique.columnSpacing()).isCloseTo(0.75, within(1e-12));
        assertThat(oblique.rowSpacing()).isCloseTo(0.8, within(1e-12));
        assertThat(oblique.sliceSpacing()).isCloseTo(2.5, within(1e-12));
        assertThat(oblique.obliquity()).isBetween(1.0, 40.0);
        assertThat(oblique.tilt()).isCloseTo(0, within(1e-5));
    }

    @Test
    void refusesSizesAndStepsThatCannotBe() {
        assertThatThrownBy(() ->
                        new Volume(2, 2, 2, Geometry.upright(1, 1, 1), Unit.SIGNAL, new Voxels.Floats(new float[7])))
                .hasMessageContaining("got 7 for 2 x 2 x 2");
        assertThatThrownBy(() -> Geometry.upright(1, 0, 1)).hasMessageContaining("span space");
        assertThatThrownBy(() -> Geometry.upright(1, Double.NaN, 1)).hasMessageContaining("span space");
        var x = new Vector3(1, 0, 0);
        assertThat(Geometry.spans(x, new Vector3(0, 1, 0), new Vector3(1, 1, 0)))
                .isFalse();
        assertThatThrownBy(() -> new Voxels.Shorts(new short[1], false, Double.NaN, 0))
                .hasMessageContaining("finite rescale");
    }

    @Test
    void rescalesAndCounts() {
        var voxels = new Voxels.Shorts(new short[] {-1, 0, 1, 2}, true, 2, -1024);
        var volume = new Volume(2, 1, 2, Geometry.upright(1, 1, 1), Unit.HOUNSFIELD, voxels);
        assertThat(volume.slice(0)).containsExactly(2 * 65535 - 1024, -1024);
        assertThat(volume.statistics()).isEqualTo(new Volume.Statistics(-1024, 130046, 128 * 1024 / 4.0 - 1024 + 1));
        var gaps = new Voxels.Floats(new float[] {Float.NaN, 4, 2, Float.NaN});
        assertThat(new Volume(2, 1, 2, Geometry.upright(1, 1, 1), Unit.SIGNAL, gaps).statistics())
                .isEqualTo(new Volume.Statistics(2, 4, 3));
    }

    @Test
    void guessesAUnitThatNobodyGave() {
        assertThat(Unit.guessed(new Volume.Statistics(-1024, 1800, -300))).isEqualTo(Unit.HOUNSFIELD);
        assertThat(Unit.guessed(new Volume.Statistics(-610, 30393, 8401))).isEqualTo(Unit.SIGNAL);
        assertThat(Unit.guessed(new Volume.Statistics(0, 4095, 300))).isEqualTo(Unit.SIGNAL);
        assertThat(Unit.guessed(new Volume.Statistics(Double.NaN, Double.NaN, Double.NaN)))
                .isEqualTo(Unit.SIGNAL);
    }

    @Test
    void reslicesALinearFieldExactly() {
        // Values are a linear function of the place, so trilinear interpolation must meet them at every new voxel.
        Geometry geometry = Volumes.oblique(11);
        var values = new float[12 * 14 * 9];
        for (int i = 0; i < values.length; i++) {
            int line = i / 12;
            values[i] = field(geometry.point(i % 12, line % 14, Math.floorDiv(line, 14)));
        }
        var volume = new Volume(12, 14, 9, geometry, Unit.SIGNAL, new Voxels.Floats(values));
        Volume axial = new AxialReslice(0.6, 1.5, -99999, 1 << 20).apply(volume);
        assertThat(axial.geometry().axes()).isEqualTo("LPS");
        assertThat(axial.geometry().obliquity()).isZero();
        int inside = 0;
        for (int i = 0; i < axial.voxels().count(); i++) {
            int c = i % axial.columns();
            int r = i / axial.columns() % axial.rows();
            int s = i / axial.columns() / axial.rows();
            float got = axial.value(c, r, s);
            if (got != -99999) {
                assertThat(got).isCloseTo(field(axial.geometry().point(c, r, s)), within(0.02f));
                inside++;
            }
        }
        double share = volume.voxels().count() * 0.75 * 0.8 * 2.5 / (0.6 * 0.6 * 1.5);
        assertThat((double) inside).isBetween(0.7 * share, 1.0 * share);
    }

    private static float field(Vector3 place) {
        return (float) (3 * place.x() - 2 * place.y() + 0.5 * place.z() + 7);
    }

    @Test
    void reslicesAnUprightVolumeOntoItself() {
        var upright = Volumes.numbered(5, 4, 3, Geometry.upright(0.5, 0.5, 2));
        Volume same = AxialReslice.of(upright).apply(upright);
        assertThat(same.voxels()).isEqualTo(upright.voxels());
        var sagittal = new AxisOrder(1, 2, 0, 0b010).applied(upright);
        Volume back = AxialReslice.of(sagittal).apply(sagittal);
        assertThat(back.voxels()).isEqualTo(upright.voxels());
    }

    @Test
    void refusesToResliceWhatIsTooLargeOrFlat() {
        var volume = Volumes.numbered(5, 4, 3);
        assertThatThrownBy(() -> new AxialReslice(0.001, 0.001, 0, 1 << 20).apply(volume))
                .isInstanceOf(BadMediaException.class)
                .hasMessageContaining("the limit is 1048576");
        assertThatThrownBy(() -> AxialReslice.of(volume).apply(Volumes.numbered(5, 4, 1)))
                .isInstanceOf(BadMediaException.class)
                .hasMessageContaining("want at least 2");
    }
}
