package konsil.eval.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import konsil.tensor.file.BadFileException;

/** A golden directory, by what its values are of: every kind has its own way of running a model against it. */
public sealed interface GoldenLayout extends AutoCloseable permits GemmaGolden, LasrGolden, LoraGolden {
    /** The directory. */
    Path folder();

    /** What people call it. */
    String name();

    @Override
    void close();

    /**
     * Opens a directory of any known layout, told by the files in it.
     *
     * @throws BadFileException when it is none, or damaged
     * @throws IOException when the disk fails
     */
    static GoldenLayout open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new BadFileException(folder, "want a golden directory, there is no such folder");
        }
        if (LoraGolden.isOne(folder)) {
            return LoraGolden.open(folder);
        }
        if (!Files.isRegularFile(folder.resolve(CasesFile.NAME))) {
            throw new BadFileException(
                    folder,
                    "want a golden directory with %s and the values of its cases, found none"
                            .formatted(CasesFile.NAME));
        }
        return LasrGolden.isOne(folder) ? LasrGolden.open(folder) : GemmaGolden.open(folder);
    }
}
