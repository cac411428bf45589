package konsil.phantom.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import konsil.media.Raster;
import konsil.media.study.Study;
import konsil.media.study.StudyPart;
import konsil.phantom.text.Chance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class XrayTruthTest {
    @TempDir
    private Path folder;

    private static double mean(Raster picture, List<Integer> box) {
        double sum = 0;
        int count = 0;
        for (int y = box.get(0) * picture.height() / 1000; y < box.get(2) * picture.height() / 1000; y++) {
            for (int x = box.get(1) * picture.width() / 1000; x < box.get(3) * picture.width() / 1000; x++) {
                sum += picture.samples()[3 * (y * picture.width() + x)] & 0xFF;
                count++;
            }
        }
        return sum / count;
    }

    @Test
    void theSickLungIsBrighterAndChangesAsSaid() {
        for (int i = 0; i < 40; i++) {
            var patient = new XrayPatient(new Chance(21, "test", i));
            var film = new Film(96);
            var prior = film.picture(patient.levels(96, false, 0.2));
            var current = film.picture(patient.levels(96, true, 0.2));
            var boxes = patient.boxes();
            boolean left = patient.course().side() > 0;
            var sick = boxes.get(left ? "left lung" : "right lung");
            var well = boxes.get(left ? "right lung" : "left lung");
            double before = mean(prior, sick) - mean(prior, well);
            double after = mean(current, sick) - mean(current, well);
            switch (patient.course().change()) {
                case "better" -> assertThat(after).as("case %d", i).isLessThan(before - 3);
                case "worse" -> assertThat(after).as("case %d", i).isGreaterThan(before + 3);
                default -> assertThat(Math.abs(after - before)).as("case %d", i).isLessThan(3);
            }
        }
    }

    /** The patient faces the viewer: the right lung is at the left, the heart's larger part at the right. */
    @Test
    void boxesLieAsAnatomyDoes() {
        for (int i = 0; i < 30; i++) {
            var patient = new XrayPatient(new Chance(22, "test", i));
            var boxes = patient.boxes();
            assertThat(boxes.get("right lung").get(3))
                    .isLessThan(boxes.get("left lung").get(1));
            assertThat(boxes.get("right clavicle").get(3))
                    .isLessThan(boxes.get("left clavicle").get(1));
            int heart = (boxes.get("heart").get(1) + boxes.get("heart").get(3)) / 2;
            int middle = (boxes.get("right clavicle").get(3)
                            + boxes.get("left clavicle").get(1))
                    / 2;
            assertThat(heart).isGreaterThan(middle);
            var film = new Film(96);
            var picture = film.picture(patient.levels(96, true, 0.2));
            String well = patient.course().side() > 0 ? "right lung" : "left lung";
            assertThat(mean(picture, boxes.get("heart"))).isGreaterThan(mean(picture, boxes.get(well)) + 30);
        }
    }

    @Test
    void dicomOpensAsRadiographs() throws Exception {
        FullXray.make(folder, 3, 0, FullXray.Form.DICOM);
        for (int day = 1; day <= 2; day++) {
            try (Study study = Study.open(folder.resolve("xray-000000-%d.dcm".formatted(day)))) {
                var part = (StudyPart.Pictures) study.shown().getFirst();
                assertThat(part.modality()).isEqualTo("CR");
                var picture = part.picture().apply(0);
                assertThat(picture.width()).isEqualTo(1024);
                assertThat(picture.samples()[3 * (512 * 1024 + 512)] & 0xFF).isGreaterThan(100);
                assertThat(picture.samples()[0] & 0xFF).isLessThan(60);
            }
        }
    }
}
