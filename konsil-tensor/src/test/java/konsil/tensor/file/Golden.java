package konsil.tensor.file;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the folder golden/ of the project, from whichever module the tests run in. */
final class Golden {
    private Golden() {}

    static Path path(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("golden").resolve(name);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new IllegalStateException("golden/" + name + " is missing from the project");
    }
}
