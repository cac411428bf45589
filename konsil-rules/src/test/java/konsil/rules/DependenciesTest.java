package konsil.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every artifact that a pom names has its line in docs/dependencies.md, and the page names nothing that is gone. */
final class DependenciesTest {
    private static final Pattern IN_POM = Pattern.compile("<artifactId>([^<$]+)</artifactId>");
    private static final Pattern IN_CELL = Pattern.compile("`([^`]+)`");

    @Test
    void pageAndPomsAgree() throws IOException {
        Set<String> used = new TreeSet<>();
        try (Stream<Path> folders = Files.list(Sources.ROOT)) {
            for (Path folder : folders.toList()) addArtifacts(folder.resolve("pom.xml"), used);
        }
        addArtifacts(Sources.ROOT.resolve("pom.xml"), used);
        used.removeIf(name -> name.startsWith("konsil"));
        assertThat(used).contains("picocli", "junit-jupiter");
        assertThat(onThePage()).containsExactlyElementsOf(used);
    }

    /** The names in the first column of its tables. */
    private static Set<String> onThePage() throws IOException {
        try (Stream<String> lines = Files.lines(Sources.ROOT.resolve("docs/dependencies.md"))) {
            return lines.filter(line -> line.startsWith("| `"))
                    .map(line -> line.substring(1, line.indexOf('|', 1)))
                    .flatMap(cell -> names(IN_CELL, cell))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static void addArtifacts(Path pom, Set<String> to) throws IOException {
        if (Files.exists(pom)) names(IN_POM, Files.readString(pom)).forEach(to::add);
    }

    private static Stream<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1));
    }
}
