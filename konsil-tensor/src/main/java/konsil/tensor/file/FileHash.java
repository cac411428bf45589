package konsil.tensor.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Hashes of whole files, as publishers print them. */
public final class FileHash {
    private static final int CHUNK = 4 << 20;

    private FileHash() {}

    /**
     * SHA-256 in hex.
     *
     * @param progress is told each time how many more bytes are done
     * @throws BadFileException when there is no readable file
     */
    public static String sha256(Path path, LongConsumer progress) throws IOException {
        return hash(path, progress).hex();
    }

    static Hash hash(Path path, LongConsumer progress) throws IOException {
        var sha = new Sha256();
        try (var file = MappedFile.open(path)) {
            for (long at = 0; at < file.size(); at += CHUNK) {
                var chunk = file.bytes().asSlice(at, Math.min(CHUNK, file.size() - at));
                sha.update(chunk);
                progress.accept(chunk.byteSize());
            }
        }
        return sha.result();
    }
}
