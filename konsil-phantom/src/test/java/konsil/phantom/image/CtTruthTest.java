package konsil.phantom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import konsil.media.Vector3;
import konsil.media.Volume;
import konsil.media.nifti.NiftiFile;
import konsil.media.nifti.NiftiSettings;
import konsil.media.series.SeriesVolume;
import konsil.media.study.Study;
import konsil.media.study.StudyPart;
import konsil.phantom.text.Chance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CtTruthTest {
    @TempDir
    private Path folder;

    /** Mean value and mean place of voxels well inside a shape. */
    private record Inside(double mean, Vector3 middle, int voxels) {
        static Inside of(Volume volume, Shape shape) {
            double sum = 0;
            var place = new Vector3(0, 0, 0);
            int count = 0;
            for (int s = 0; s < volume.slices(); s++) {
                for (int r = 0; r < volume.rows(); r++) {
                    for (int c = 0; c < volume.columns(); c++) {
                        var at = volume.geometry().point(c, r, s);
                        if (shape.depth(at.x(), at.y(), at.z()) < 3) continue;
                        sum += volume.value(c, r, s);
                        place = place.plus(at);
                        count++;
                    }
                }
            }
            return new Inside(sum / count, place.times(1.0 / Math.max(1, count)), count);
        }
    }

    /** A coarser scan than the files hold, for speed. */
    private static FullCt.Scan scan(int index) {
        var chance = new Chance(11, "test", index);
        var patient = CtPatient.made(chance, 24);
        double step = patient.height() / 23;
        var grid = new Grid(128, 2.1 * patient.radius() / 128, -patient.height() / 2, step, step, 1);
        return new FullCt.Scan(patient, SmallCt.volume(patient, grid, 24, 12, chance), step);
    }

    @Test
    void lesionsHaveTheirDensityAndSide() {
        int found = 0;
        for (int i = 0; i < 24; i++) {
            var scan = scan(i);
            var patient = scan.patient();
            if (patient.lesion() == null) {
                assertThat(patient.finding()).isEqualTo(CtFinding.NORMAL);
                continue;
            }
            found++;
            var inside = Inside.of(scan.volume(), patient.lesion().shape());
            assertThat(inside.voxels()).as("case %d", i).isPositive();
            assertThat(inside.mean())
                    .as("case %d", i)
                    .isCloseTo(patient.lesion().value(), within(12.0));
            boolean left = patient.side().equals("left");
            double middle = patient.finding() == CtFinding.LIVER_LESION ? -30 : 0;
            assertThat(inside.middle().x() > middle).as("case %d", i).isEqualTo(left);
            double[] range =
                    switch (patient.finding()) {
                        case HEAD_BLEED -> new double[] {50, 90};
                        case LUNG_NODULE -> new double[] {10, 70};
                        case PLEURAL_EFFUSION -> new double[] {-5, 25};
                        default -> new double[] {15, 80};
                    };
            assertThat(inside.mean()).isBetween(range[0], range[1]);
        }
        assertThat(found).isBetween(10, 23);
    }

    /** The lungs of a normal chest are air, its blood is not; a voxel beside the patient is air. */
    @Test
    void tissuesHaveTheirUsualDensities() {
        for (int i = 0; i < 40; i++) {
            var scan = scan(i);
            if (!scan.patient().region().equals("chest") || scan.patient().finding() != CtFinding.NORMAL) continue;
            var volume = scan.volume();
            assertThat(volume.value(1, 1, 3)).isLessThan(-900);
            assertThat(volume.statistics().max()).isBetween(350.0, 1500.0);
            assertThat(volume.statistics().min()).isBetween(-1024.0, -950.0);
            return;
        }
        throw new AssertionError("no normal chest in forty cases");
    }

    @Test
    void aSeriesReadsBackEqual() throws Exception {
        Files.createDirectories(folder);
        FullCt.make(folder, 5, 1, FullCt.Form.DICOM);
        var made = FullCt.made(5, 1).volume();
        try (Study study = Study.open(folder.resolve("ct-000001"))) {
            var part = (StudyPart.Volumes) study.shown().getFirst();
            assertThat(study.shown()).hasSize(1);
            assertThat(part.modality()).isEqualTo("CT");
            equal(part.loading().load(SeriesVolume.Gaps.REFUSE).volume(), made);
        }
    }

    @Test
    void aNiftiFileReadsBackEqual() throws Exception {
        FullCt.make(folder, 5, 2, FullCt.Form.NIFTI);
        var read = NiftiFile.read(folder.resolve("ct-000002.nii.gz"), NiftiSettings.first(Volume.Unit.HOUNSFIELD));
        equal(read, FullCt.made(5, 2).volume());
    }

    private static void equal(Volume read, Volume made) {
        assertThat(read.unit()).isEqualTo(Volume.Unit.HOUNSFIELD);
        assertThat(read.slices()).isEqualTo(made.slices());
        for (int s = 0; s < made.slices(); s++) assertThat(read.slice(s)).isEqualTo(made.slice(s));
        var first = made.geometry().point(0, 0, 0);
        var last = made.geometry().point(made.columns() - 1, made.rows() - 1, made.slices() - 1);
        var readLast = read.geometry().point(made.columns() - 1, made.rows() - 1, made.slices() - 1);
        assertThat(read.geometry().point(0, 0, 0).minus(first).length()).isLessThan(1e-2);
        assertThat(readLast.minus(last).length()).isLessThan(1e-2);
        assertThat(read.geometry().axes()).isEqualTo("LPS");
    }
}
