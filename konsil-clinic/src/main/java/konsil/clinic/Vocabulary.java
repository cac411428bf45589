package konsil.clinic;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import konsil.medasr.decoding.Term;
import konsil.medasr.decoding.TermFile;
import konsil.tensor.file.FileHash;

/**
 * The terms that somebody expects to be said.
 *
 * @param sha256 of their file, empty when they came from no file
 */
public record Vocabulary(List<Term> terms, String sha256) {
    /** No terms. */
    public static final Vocabulary NONE = new Vocabulary(List.of(), "");

    public Vocabulary {
        terms = List.copyOf(terms);
    }

    /**
     * Reads a list of terms, see {@link TermFile}.
     *
     * @throws konsil.tensor.file.BadFileException naming the line that cannot be used
     */
    public static Vocabulary read(Path file) throws IOException {
        return new Vocabulary(TermFile.read(file), FileHash.sha256(file, _ -> {}));
    }
}
