package konsil.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the sources of all modules lie. */
final class Sources {
    /** The checkout: Surefire runs a module's tests in the module's folder. */
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private Sources() {}

    /** Every Java file of every module, tests too, in a fixed order. */
    static List<Path> javaFiles() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.filter(folder -> folder.getFileName().toString().startsWith("konsil-"))
                    .map(folder -> folder.resolve("src"))
                    .filter(Files::isDirectory)
                    .flatMap(Sources::javaFilesIn)
                    .sorted()
                    .toList();
        }
    }

    private static Stream<Path> javaFilesIn(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
