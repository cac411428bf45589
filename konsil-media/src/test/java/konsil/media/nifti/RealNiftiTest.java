package konsil.media.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.media.BadMediaException;
import konsil.media.TestData;
import konsil.media.Volume;
import org.junit.jupiter.api.Test;

/** Files of other programs against what nibabel 5.4.2 says of them (truth/nifti.tsv). */
class RealNiftiTest {
    private static final NiftiSettings FIRST = NiftiSettings.first(Volume.Unit.SIGNAL);

    @Test
    void readsWhatNibabelReads() throws IOException {
        Path folder = TestData.folder("nifti").getParent();
        int same = 0;
        var refused = new ArrayList<String>();
        for (List<String> row :
                TestData.table(folder.resolve("truth/nifti.tsv")).toList()) {
            Path path = folder.resolve(row.getFirst());
            if (!Files.exists(path) || !NiftiFile.isNamed(path)) {
                continue;
            }
            try {
                requireSame(path, row);
                same++;
            } catch (BadMediaException e) {
                refused.add(e.getMessage());
            }
        }
        System.out.printf("NIfTI: %d files equal to nibabel, %d refused: %s%n", same, refused.size(), refused);
        assertThat(same).isGreaterThanOrEqualTo(25);
        assertThat(refused).allMatch(m -> m.matches("(complex|analyze|nifti1|nifti2|row_major).*"));
    }

    private static void requireSame(Path path, List<String> row) throws IOException {
        int volumes = NiftiFile.volumes(path);
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (int i = 0; i < volumes; i++) {
            Volume volume = NiftiFile.read(path, new NiftiSettings(i, Volume.Unit.SIGNAL, 1L << 28));
            var statistics = volume.statistics();
            min = Math.min(min, statistics.min());
            max = Math.max(max, statistics.max());
            sum += statistics.mean();
            String shape = volume.columns() + "x" + volume.rows() + "x" + volume.slices();
            assertThat(row.get(3)).as(row.getFirst()).isEqualTo(volumes > 1 ? shape + "x" + volumes : shape);
            requireAffine(volume, row);
        }
        if (!row.get(11).equals("nan")) {
            requireNear(min, row.get(11), row);
            requireNear(max, row.get(12), row);
        }
        requireNear(sum / volumes, row.get(13), row);
    }

    private static void requireNear(double got, String want, List<String> row) {
        double number = Double.parseDouble(want);
        // The table has five decimals, and voxels are f32.
        assertThat(got).as(row.getFirst()).isCloseTo(number, within(1e-5 + 1e-6 * Math.abs(number)));
    }

    private static void requireAffine(Volume volume, List<String> row) {
        String[] numbers = row.get(16).replaceAll("[\\[\\] ]", "").split(",", -1);
        for (int i = 0; i < 12; i++) {
            double want = Double.parseDouble(numbers[i]);
            assertThat(volume.geometry().rasAffine()[i]).as(row.getFirst()).isCloseTo(want, within(6e-5));
        }
        // Where an axis runs at 45 degrees the choice is free; no file here has one but the made-up MGH.
        String ras = volume.geometry().axes();
        assertThat(row.get(6)).as(row.getFirst()).isEqualTo(ras);
    }

    @Test
    void allOrientationsAreOneVolume() throws IOException {
        try (var files = Files.list(TestData.folder("nifti/orientations48"))) {
            var all = files.filter(NiftiFile::isNamed).sorted().toList();
            Volume first = NiftiFile.read(all.getFirst(), FIRST).upright();
            for (Path path : all) {
                Volume volume = NiftiFile.read(path, FIRST);
                assertThat(volume.geometry().axes())
                        .isEqualTo(path.getFileName().toString().substring(0, 3));
                assertThat(volume.upright().voxels()).isEqualTo(first.voxels());
                for (int i = 0; i < 12; i++) {
                    assertThat(volume.upright().geometry().rasAffine()[i])
                            .isCloseTo(first.geometry().rasAffine()[i], within(1e-3));
                }
            }
            System.out.printf("NIfTI: %d orientations are one volume%n", all.size());
            assertThat(all).hasSizeGreaterThan(10);
        }
    }
}
