package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PhantomTest {
    @TempDir
    private Path folder;

    private Run make(String out, String... more) {
        String[] command = new String[3 + more.length];
        command[0] = "phantom";
        command[1] = "make";
        command[2] = folder.resolve(out).toString();
        System.arraycopy(more, 0, command, 3, more.length);
        return Run.of(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ct", "xray", "slide"})
    void smallImagesWithTheSameSeedAreTheSame(String kind) throws Exception {
        String[] command = {"--kind", kind, "--small", "--count", "3", "--seed", "5"};
        Run run = make("one", command);
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("3 cases of " + kind);
        assertThat(make("two", command).exit()).isZero();
        String lines = Files.readString(folder.resolve("one/cases.jsonl"));
        assertThat(lines).isEqualTo(Files.readString(folder.resolve("two/cases.jsonl")));
        assertThat(lines.lines()).hasSize(3).allMatch(line -> line.contains("\"messages\""));
    }

    @Test
    void aSeriesThatIsMadeIsAStudy() {
        assertThat(make("ct", "--kind", "ct").exit()).isZero();
        Run study = Run.of("study", folder.resolve("ct/ct-000000").toString());
        assertThat(study.out()).contains("1 parts to show, 0 refused", "axes to LPS", "HU");
        assertThat(study.exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lab", "pathology", "dictation-text"})
    void reportsAreMade(String kind) throws Exception {
        assertThat(make("out", "--kind", kind, "--count", "2").exit()).isZero();
        assertThat(Files.readString(folder.resolve("out/cases.jsonl")).lines()).hasSize(2);
    }

    @Test
    void wrongArgumentsAreTold() {
        assertThat(make("o").exit()).isEqualTo(2);
        Run kind = make("o", "--kind", "ultrasound");
        assertThat(kind.exit()).isEqualTo(3);
        assertThat(kind.err())
                .contains("--kind: want ct, xray", "got ultrasound")
                .doesNotContain("\tat ");
        assertThat(make("o", "--kind", "ct", "--form", "x").err()).contains("--form: want [DICOM, NIFTI], got x");
        assertThat(make("o", "--kind", "mr", "--small").err()).contains("--small: want ct, xray or slide, got mr");
        assertThat(make("o", "--kind", "ct", "--count", "0").err()).contains("count: want 1 to");
        assertThat(Run.of("phantom", "destroy", "o", "--kind", "ct").err()).contains("want make, got destroy");
        assertThat(Run.of("phantom", "--help").out()).contains("Examples:", "phantom make --kind ct");
        assertThat(folder.resolve("o")).doesNotExist();
    }
}
