package konsil.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All sources keep the limits, and the check names every offender at once. */
final class SizeRulesTest {
    @Test
    void everySourceFileKeepsTheLimits() throws IOException {
        List<String> offences = new ArrayList<>();
        List<Path> files = Sources.javaFiles();
        for (Path file : files) {
            String name = Sources.ROOT.relativize(file).toString();
            offences.addAll(SizeRules.offences(name, Files.readString(file)));
        }
        assertThat(files).hasSizeGreaterThan(5);
        assertThat(offences).isEmpty();
    }

    @Test
    void longMethodIsNamed() throws IOException {
        String source =
                "class A {\n    /** Not counted. */\n    void f() {\n" + "        f();\n".repeat(39) + "    }\n}\n";
        assertThat(SizeRules.offences("A.java", source)).containsExactly("A.java:3: f has 41 lines, at most 40");
        assertThat(SizeRules.offences("A.java", source.replaceFirst("f\\(\\);\n {8}", "")))
                .isEmpty();
    }

    @Test
    void tableOfCasesInATestMayBeLong() throws IOException {
        String table = "class A {\n    int f() {\n        return 0\n" + "+ 1\n".repeat(50) + ";\n    }\n}\n";
        assertThat(SizeRules.offences("x/src/test/java/A.java", table)).isEmpty();
        assertThat(SizeRules.offences("x/src/main/java/A.java", table)).hasSize(1);
        String steps = table.replace("return", "f();\n        return");
        assertThat(SizeRules.offences("x/src/test/java/A.java", steps)).hasSize(1);
    }

    @Test
    void tooManyParametersAreNamed() throws IOException {
        String six = "class A {\n    A(int a, int b, int c, int d, int e, int f) {}\n}\n";
        String seven = six.replace("int f", "int f, int g");
        assertThat(SizeRules.offences("A.java", six)).isEmpty();
        assertThat(SizeRules.offences("A.java", seven)).containsExactly("A.java:2: <init> has 7 parameters, at most 6");
    }

    @Test
    void recordComponentsAreNoParameters() throws IOException {
        String source = "record A(int a, int b, int c, int d, int e, int f, int g) {\n    A {}\n}\n";
        assertThat(SizeRules.offences("A.java", source)).isEmpty();
    }

    @Test
    void emptyNamesAreNamed() throws IOException {
        for (String name : List.of("ByteUtil", "FileUtils", "CacheManager", "PathHelper", "OpsImpl")) {
            String source = "final class Outer {\n    interface %s {}\n}\n".formatted(name);
            assertThat(SizeRules.offences("A.java", source))
                    .singleElement()
                    .asString()
                    .contains("A.java:2", name);
        }
        assertThat(SizeRules.offences("A.java", "class Utility {}\n")).isEmpty();
    }

    @Test
    void longFileLongLineAndUnfinishedMarkAreAllReported() throws IOException {
        String source = "// TO" + "DO later\n//" + "x".repeat(119) + "\n" + "//\n".repeat(399) + "class A {}\n";
        assertThat(SizeRules.offences("A.java", source))
                .containsExactly(
                        "A.java:1: 402 lines, at most 400",
                        "A.java:1: unfinished mark",
                        "A.java:2: 121 columns, at most 120");
    }
}
