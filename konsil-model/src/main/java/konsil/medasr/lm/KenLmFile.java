package konsil.medasr.lm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.MappedBytes;

/** Opens KenLM binaries: header, vocabulary, tables of n-grams, words. */
final class KenLmFile {
    private KenLmFile() {}

    /** Whether a file starts as these binaries do, of any version. */
    static boolean isOne(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new BadFileException(path, "there is no such file");
        }
        byte[] wanted = KenLmHeader.ANY_VERSION.getBytes(StandardCharsets.US_ASCII);
        try (var in = Files.newInputStream(path)) {
            return Arrays.equals(in.readNBytes(wanted.length), wanted);
        }
    }

    static NGramModel open(Path path) throws IOException {
        var bytes = MappedBytes.open(path);
        try {
            return open(bytes);
        } catch (RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    static NGramModel open(MappedBytes bytes) {
        var header = KenLmHeader.of(bytes);
        if (header.kind().trie()) {
            var tables = new TrieTables(bytes, header);
            header.requireWords(bytes, tables.end());
            return new NGramModel(tables);
        }
        var tables = new ProbingTables(bytes, header);
        header.requireWords(bytes, tables.end());
        return new NGramModel(tables);
    }
}
