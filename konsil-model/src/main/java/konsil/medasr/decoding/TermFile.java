package konsil.medasr.decoding;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.tensor.file.BadFileException;

/**
 * A list of terms, one a line, UTF-8: the term, then, each behind a tab and each optional, its weight and how it is
 * said. Lines that start with # and blank ones are skipped.
 */
public final class TermFile {
    static final int LARGEST = 4 << 20;
    static final int MOST_TERMS = 20_000;
    static final int LONGEST_TERM = 200;

    private final Path name;

    private TermFile(Path name) {
        this.name = name;
    }

    /** @throws BadFileException naming the line and never its contents */
    public static List<Term> read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new BadFileException(path, "there is no such file");
        }
        try (var in = Files.newInputStream(path)) {
            return parse(in.readNBytes(LARGEST + 1), path);
        }
    }

    /** @param name for messages */
    public static List<Term> parse(byte[] bytes, Path name) {
        if (bytes.length > LARGEST) {
            throw new BadFileException(name, "want at most %d bytes of terms".formatted(LARGEST));
        }
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return new TermFile(name).terms(text.toString());
        } catch (CharacterCodingException e) {
            throw new BadFileException(name, "want UTF-8 text", e);
        }
    }

    private List<Term> terms(String text) {
        List<Term> terms = new ArrayList<>();
        int number = 0;
        for (String line : text.replaceFirst("^\uFEFF", "").split("\r\n|\r|\n", -1)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (terms.size() == MOST_TERMS) {
                throw bad(number, "want at most %d terms".formatted(MOST_TERMS));
            }
            terms.add(term(line.split("\t", -1), number));
        }
        return List.copyOf(terms);
    }

    private Term term(String[] fields, int number) {
        if (fields.length > 3) {
            throw bad(number, "want a term, its weight and how it is said, got %d fields".formatted(fields.length));
        }
        String written = text(fields[0], number, "the term");
        if (written.isEmpty()) {
            throw bad(number, "the term is missing in front of the tab");
        }
        double weight = fields.length > 1 && !fields[1].isBlank() ? weight(fields[1].strip(), number) : 1;
        String spoken = fields.length > 2 ? text(fields[2], number, "how it is said") : "";
        return new Term(written, weight, spoken);
    }

    private String text(String field, int number, String what) {
        String text = field.strip().replaceAll("\\s+", " ");
        if (text.length() > LONGEST_TERM) {
            throw bad(number, "%s has %d characters, want at most %d".formatted(what, text.length(), LONGEST_TERM));
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw bad(number, what + " has a control character");
        }
        return text;
    }

    private double weight(String field, int number) {
        try {
            double weight = Double.parseDouble(field);
            if (weight > 0 && weight <= Term.LARGEST_WEIGHT) {
                return weight;
            }
        } catch (NumberFormatException _) {
            // the same answer as for a number that is out of range
        }
        throw bad(number, "want a weight above 0, at most %s, between tabs".formatted(Term.LARGEST_WEIGHT));
    }

    private BadFileException bad(int line, String what) {
        return new BadFileException(name, "line %d: %s".formatted(line, what));
    }
}
