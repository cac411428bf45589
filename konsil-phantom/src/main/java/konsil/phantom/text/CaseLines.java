package konsil.phantom.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Json;

/** Made-up cases as a file of JSON, one case a line. */
public final class CaseLines {
    /** What the file is called. */
    public static final String NAME = "cases.jsonl";

    private static final int MOST = 1_000_000;

    /** Makes one case, and the files that belong to it. */
    public interface Maker {
        /** @param index of the case, from 0 */
        Json.Obj make(int index) throws IOException;
    }

    private CaseLines() {}

    /**
     * Makes cases and writes their lines.
     *
     * @param folder made if it is not there
     * @throws BadInputException for a count below 1 or beyond a million, or if the folder is a file
     */
    public static void write(Path folder, int count, Maker maker) throws IOException {
        if (count < 1 || count > MOST) {
            throw new BadInputException("count: want 1 to %d cases, got %d".formatted(MOST, count));
        }
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new BadInputException("%s: want a folder, this is a file".formatted(folder));
        }
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) lines.add(maker.make(i).write());
        Files.writeString(folder.resolve(NAME), String.join("\n", lines) + "\n");
    }
}
