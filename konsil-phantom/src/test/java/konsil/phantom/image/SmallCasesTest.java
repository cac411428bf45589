package konsil.phantom.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import konsil.medgemma.inputs.Localisation;
import konsil.media.ImageFile;
import konsil.media.ImageSettings;
import konsil.tensor.file.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SmallCasesTest {
    private static final List<ImageCases.Maker> MAKERS = List.of(SmallCt::made, SmallXray::made, SmallSlide::made);

    @TempDir
    private Path folder;

    @Test
    void theSameSeedGivesTheSameBytes() throws Exception {
        for (int m = 0; m < MAKERS.size(); m++) {
            Path one = folder.resolve("one" + m);
            Path two = folder.resolve("two" + m);
            ImageCases.writeSmall(one, 4, 9, MAKERS.get(m));
            ImageCases.writeSmall(two, 4, 9, MAKERS.get(m));
            var names = new ArrayList<Path>();
            try (var files = Files.list(one)) {
                files.forEach(file -> names.add(file.getFileName()));
            }
            assertThat(names).hasSizeGreaterThan(4);
            for (Path name : names) {
                assertThat(Files.readAllBytes(one.resolve(name))).isEqualTo(Files.readAllBytes(two.resolve(name)));
            }
            var first = MAKERS.get(m).make(9, 0).pictures();
            assertThat(first).isNotEqualTo(MAKERS.get(m).make(10, 0).pictures());
            assertThat(first).isNotEqualTo(MAKERS.get(m).make(9, 1).pictures());
        }
    }

    @Test
    void filesAreThePicturesInMemory() throws Exception {
        Files.createDirectories(folder);
        var made = SmallXray.made(3, 5);
        ImageCases.small(folder, 3, 5, SmallXray::made);
        for (int i = 0; i < 2; i++) {
            Path file = folder.resolve("xray-000005-%d.png".formatted(i + 1));
            assertThat(ImageFile.read(file, ImageSettings.careful()))
                    .isEqualTo(made.pictures().get(i));
            assertThat(made.pictures().get(i).width()).isEqualTo(96);
        }
    }

    @Test
    void everyAnswerIsInTheTruthAndEveryTruthIsAsked() {
        var answers = new HashSet<String>();
        for (var maker : MAKERS) {
            for (int i = 0; i < 60; i++) {
                var made = maker.make(4, i);
                String truth = made.truth().write();
                for (Question question : made.questions()) {
                    if (question.about().equals("box")) continue;
                    assertThat(truth).contains(question.answer().replace("grade ", ""));
                    answers.add(question.answer());
                }
            }
        }
        for (CtFinding finding : CtFinding.values()) assertThat(answers).contains(finding.words());
        assertThat(answers)
                .contains(
                        "left", "right", "better", "stable", "worse", "grade 1", "grade 2", "grade 3", "lung opacity");
    }

    @Test
    void slicesAreLabelledInOrder() throws Exception {
        var line = ImageCases.small(folder, 1, 0, SmallCt::made);
        String messages = line.fields().get("messages").write();
        int at = 0;
        for (int k = 1; k <= 6; k++) {
            int picture = messages.indexOf("ct-000000-%d.png".formatted(k), at);
            int label = messages.indexOf("\"SLICE " + k + "\"", at);
            assertThat(picture).isGreaterThan(at);
            assertThat(label).isGreaterThan(picture);
            at = label;
        }
    }

    @Test
    void boxesAreReadByTheReaderOfAnswers() {
        for (int i = 0; i < 20; i++) {
            var made = SmallXray.made(6, i);
            var boxes = (Json.Obj) made.truth().fields().get("boxes");
            var asked = made.questions().stream()
                    .filter(question -> question.about().equals("box"))
                    .toList();
            assertThat(asked).hasSize(5);
            for (Question question : asked) {
                var read = (Localisation.Boxes.Found) Localisation.boxes(question.answer());
                var box = read.boxes().getFirst();
                assertThat(question.text()).contains(box.label());
                assertThat(boxes.fields().get(box.label()).write().replace(" ", ""))
                        .isEqualTo("[%d,%d,%d,%d]"
                                .formatted((int) box.y0(), (int) box.x0(), (int) box.y1(), (int) box.x1()));
                assertThat(box.y0()).isLessThan(box.y1());
                assertThat(box.x0()).isLessThan(box.x1());
            }
        }
    }
}
