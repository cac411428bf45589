package konsil.medasr.lm;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import konsil.tensor.file.BadFileException;
import org.tukaani.xz.XZIOException;
import org.tukaani.xz.XZInputStream;

/**
 * Reads the ARPA format: a list of counts, then for each length the n-grams with their log10 probability and back-off
 * (srilm-project ngram-format(5)). A model without {@code <unk>} gives unknown words a log10 of -100, as KenLM does.
 */
final class ArpaFile {
    static final int LONGEST_NGRAM = 10;
    static final long MOST_NGRAMS = 1L << 30;
    static final int MOST_WORDS = 1 << 24;

    private static final float WITHOUT_UNKNOWN = -100;
    private static final int MOST_PREFACE = 1 << 20;
    private static final int XZ_MEMORY_KIB = 256 << 10;
    private static final Pattern COUNT = Pattern.compile("ngram\\s+(\\d{1,2})\\s*=\\s*(\\d{1,10})");

    private final ArpaLines lines;
    private final Path file;

    private ArpaFile(InputStream in, Path file) {
        lines = new ArpaLines(in, file);
        this.file = file;
    }

    static NGramModel read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new BadFileException(path, "there is no such file");
        }
        try (var in = Files.newInputStream(path)) {
            return read(in, path);
        }
    }

    /** @param in plain, gzip or xz, as its first bytes say */
    static NGramModel read(InputStream in, Path name) throws IOException {
        try {
            return new NGramModel(new ArpaFile(unpacked(new BufferedInputStream(in, 1 << 16)), name).tables());
        } catch (EOFException | ZipException | XZIOException e) {
            throw new BadFileException(name, "the compressed data is damaged or cut short", e);
        }
    }

    private static InputStream unpacked(InputStream in) throws IOException {
        in.mark(2);
        int first = in.read();
        int second = in.read();
        in.reset();
        if (first == 0x1F && second == 0x8B) {
            return new GZIPInputStream(in, 1 << 16);
        }
        return first == 0xFD && second == '7' ? new XZInputStream(in, XZ_MEMORY_KIB) : in;
    }

    private HeapTables tables() throws IOException {
        preface();
        var tables = new HeapTables(file, counts());
        words(tables);
        for (int length = 2; length <= tables.order(); length++) {
            ngrams(tables, length);
        }
        if (!lines.is("\\end\\")) {
            throw lines.bad("want \\end\\ after the last n-gram");
        }
        if (content()) { // reads to the end also for the checksums of compressed files
            throw lines.bad("want nothing behind \\end\\");
        }
        return tables;
    }

    private void preface() throws IOException {
        for (long bytes = 0; bytes <= MOST_PREFACE && lines.next(); bytes += lines.length() + 1) {
            if (lines.is("\\data\\")) {
                return;
            }
        }
        throw new BadFileException(
                file, "no line \\data\\ in its first %d bytes; is this an ARPA file?".formatted(MOST_PREFACE));
    }

    /** Leaves the first line behind the counts as the current one. */
    private long[] counts() throws IOException {
        List<Long> counts = new ArrayList<>();
        while (content() && !lines.text().startsWith("\\")) {
            var count = COUNT.matcher(lines.text());
            if (!count.matches() || Integer.parseInt(count.group(1)) != counts.size() + 1) {
                throw lines.bad("want \"ngram %d=\" and a number".formatted(counts.size() + 1));
            }
            long most = counts.isEmpty() ? MOST_WORDS : MOST_NGRAMS;
            long value = Long.parseLong(count.group(2));
            if (value > most) {
                throw lines.bad("want at most %d n-grams, got %d".formatted(most, value));
            }
            counts.add(value);
        }
        if (counts.size() < 2 || counts.size() > LONGEST_NGRAM) {
            throw lines.bad("want n-grams of up to 2 to %d words, got %d".formatted(LONGEST_NGRAM, counts.size()));
        }
        return counts.stream().mapToLong(Long::longValue).toArray();
    }

    /** Goes to the next line that is not blank. @return false at the end of the file */
    private boolean content() throws IOException {
        while (lines.next()) {
            if (lines.fields() > 0) {
                return true;
            }
        }
        return false;
    }

    private void section(int length) {
        String header = "\\%d-grams:".formatted(length);
        if (!lines.is(header)) {
            throw lines.bad("want " + header);
        }
    }

    /** Leaves the first line behind the section as the current one. */
    private void words(HeapTables tables) throws IOException {
        section(1);
        var words = tables.words();
        words.set(NGramModel.UNKNOWN, WITHOUT_UNKNOWN, NGramTables.NO_EXTENSION);
        boolean sawUnknown = false;
        for (long i = 0; i < tables.count(1); i++) {
            entry(1, false);
            long hash = lines.wordHash(1);
            boolean unknown = hash == WordHash.UNKNOWN || hash == WordHash.UNKNOWN_CAPITALS;
            int id = unknown ? NGramModel.UNKNOWN : words.add(hash);
            if (unknown ? sawUnknown : id == 0) {
                throw lines.bad("this 1-gram is there twice");
            }
            sawUnknown |= unknown;
            words.set(id, probability(), backoff(2));
        }
        content();
    }

    private void ngrams(HeapTables tables, int length) throws IOException {
        section(length);
        boolean longest = length == tables.order();
        var ids = new int[length];
        for (long i = 0; i < tables.count(length); i++) {
            entry(length, longest);
            for (int word = 0; word < length; word++) {
                ids[word] = known(tables, lines.wordHash(word + 1), length);
            }
            switch (tables.add(ids, length, probability(), longest ? 0 : backoff(length + 1))) {
                case NEW -> {}
                case TWICE -> throw lines.bad("this %d-gram is there twice".formatted(length));
                case WITHOUT_CONTEXT ->
                    throw lines.bad("the first %d words of this %d-gram are no %d-gram of the file"
                            .formatted(length - 1, length, length - 1));
            }
        }
        content();
    }

    private int known(HeapTables tables, long hash, int length) {
        if (hash == WordHash.UNKNOWN || hash == WordHash.UNKNOWN_CAPITALS) {
            return NGramModel.UNKNOWN;
        }
        int id = tables.wordId(hash);
        if (id == NGramModel.UNKNOWN) {
            throw lines.bad("a word of this %d-gram is not among the 1-grams".formatted(length));
        }
        return id;
    }

    private void entry(int length, boolean longest) throws IOException {
        if (!content()) {
            throw lines.bad("the file ends among the %d-grams".formatted(length));
        }
        int fields = lines.fields();
        if (fields != length + 1 && (longest || fields != length + 2)) {
            throw lines.bad("want a probability, %d words%s; got %d fields"
                    .formatted(length, longest ? "" : " and perhaps a back-off", fields));
        }
    }

    private float probability() {
        float log10 = lines.number(0);
        if (log10 > 0) {
            throw lines.bad("want the log10 of a probability, got a number above 0");
        }
        return log10;
    }

    private float backoff(int field) {
        float log10 = lines.fields() > field ? lines.number(field) : 0;
        return log10 == 0 ? NGramTables.NO_EXTENSION : log10;
    }
}
