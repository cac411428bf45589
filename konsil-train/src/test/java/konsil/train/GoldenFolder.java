package konsil.train;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds what lies under golden/. */
public final class GoldenFolder {
    private GoldenFolder() {}

    /** @param name "lora-a/steps.json" */
    public static Path of(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("golden").resolve(name);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new IllegalStateException("golden/" + name + " is missing from the project");
    }
}
