package konsil.phantom.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import konsil.media.Vector3;
import konsil.media.Volume;
import konsil.media.nifti.NiftiFile;
import konsil.media.nifti.NiftiSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MrTruthTest {
    @TempDir
    private Path folder;

    private static double at(Volume volume, double x, double y, double z) {
        var index = volume.geometry().index(new Vector3(x, y, z));
        double sum = 0;
        for (int row = -1; row <= 1; row++) {
            for (int column = -1; column <= 1; column++) {
                sum += volume.value((int) Math.round(index.x()) + column, (int) Math.round(index.y()) + row, (int)
                        Math.round(index.z()));
            }
        }
        return sum / 9;
    }

    @Test
    void lesionsLookAsTheSequencesShowThem() {
        int found = 0;
        for (int i = 0; i < 10; i++) {
            var scan = MrHead.made(8, i);
            var spot = scan.patient().spot();
            if (spot == null) continue;
            found++;
            assertThat(spot.x() > 0).isEqualTo(scan.patient().side().equals("left"));
            double[] here = new double[3];
            double[] mirrored = new double[3];
            for (int s = 0; s < 3; s++) {
                here[s] = at(scan.volumes().get(s), spot.x(), spot.y(), spot.z());
                mirrored[s] = at(scan.volumes().get(s), -spot.x(), spot.y(), spot.z());
            }
            assertThat(here[0]).as("T1 of %d", i).isLessThan(mirrored[0]);
            assertThat(here[1]).as("T2 of %d", i).isGreaterThan(mirrored[1]);
            assertThat(here[2] > mirrored[2])
                    .as("FLAIR of %d", i)
                    .isEqualTo(scan.patient().bright());
        }
        assertThat(found).isBetween(3, 9);
    }

    @Test
    void filesReadBackEqual() throws Exception {
        MrHead.make(folder, 8, 1);
        var made = MrHead.made(8, 1).volumes();
        String[] names = {"t1", "t2", "flair"};
        for (int i = 0; i < 3; i++) {
            Path file = folder.resolve("mr-000001-%s.nii.gz".formatted(names[i]));
            var read = NiftiFile.read(file, NiftiSettings.first(Volume.Unit.SIGNAL));
            for (int s = 0; s < read.slices(); s++) {
                assertThat(read.slice(s)).isEqualTo(made.get(i).slice(s));
            }
            assertThat(read.slices()).isEqualTo(made.get(i).slices());
        }
    }
}
