package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import konsil.cli.Finding.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DoctorTest {
    @Test
    void reportsForPeople() {
        Run run = Run.of("doctor");
        assertThat(run.exit()).as(run.out()).isZero();
        assertThat(run.out()).startsWith("konsil 0.1.0");
        assertThat(run.out())
                .contains("processor", "memory", "JDK", "huge pages", "Vector API", "native access", "disk ");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void reportsForPrograms() {
        Run run = Run.of("doctor", "--json");
        assertThat(run.exit()).isZero();
        assertThat(run.out().strip()).startsWith("{").endsWith("}");
        assertThat(run.out()).contains("\"healthy\" : true", "\"topic\" : \"processor\"", "\"free_bytes\" : ");
    }

    @ParameterizedTest
    @CsvSource({
        "25, false",
        "25.0.2, false",
        "25.0.3, true",
        "25.0.3+9-LTS, true",
        "25.1, true",
        "26-ea, true",
        "24, false"
    })
    void onlyJdksThatKeepPinnedArraysInPlace(String version, boolean fits) {
        assertThat(JavaVersion.refusal(Runtime.Version.parse(version)).isEmpty())
                .isEqualTo(fits);
    }

    @Test
    void refusalSaysWhyAndWhatNext() {
        assertThat(JavaVersion.refusal(Runtime.Version.parse("25.0.2")).orElseThrow())
                .contains("25.0.2", "JDK-8377811", "Install JDK 25.0.3 or newer");
        assertThat(JavaVersion.refusal(Runtime.Version.parse("21.0.9")).orElseThrow())
                .contains("21.0.9", "Java 25", "Install JDK 25.0.3 or newer");
    }

    @Test
    void oldJdkMakesTheMachineSick(@TempDir Path root) {
        var java = new JavaChecks(new Host(root), Runtime.Version.parse("25.0.1"), List.of());
        assertThat(java.jdk()).returns(Level.PROBLEM, Finding::level);
        assertThat(java.jdk().advice()).contains("25.0.3");
    }

    @Test
    void startCacheIsUsedOnlyIfItIsMapped(@TempDir Path root) throws IOException {
        var java = new JavaChecks(new Host(root), Runtime.version(), List.of("-XX:AOTCache=/x/konsil.aot"));
        assertThat(java.startCache()).returns(Level.NOTE, Finding::level);
        Files.createDirectories(root.resolve("proc/self"));
        Files.writeString(root.resolve("proc/self/maps"), "7f00-7f01 r--p 0 08:01 12  /x/konsil.aot\n");
        assertThat(java.startCache()).returns(Level.OK, Finding::level);
        assertThat(new JavaChecks(new Host(root), Runtime.version(), List.of()).startCache())
                .returns("none", Finding::value);
    }
}
