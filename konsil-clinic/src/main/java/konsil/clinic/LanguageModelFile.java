package konsil.clinic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import konsil.clinic.TranscriptProvenance.Named;
import konsil.tensor.file.FileHash;

/** Tells language models apart; a large one, which is mapped and never read as a whole, by samples of its bytes. */
final class LanguageModelFile {
    private static final long READ_WHOLE = 64L << 20;
    private static final int PIECE = 1 << 12;
    private static final int PIECES = 256;

    private LanguageModelFile() {}

    /** Its name, and its hash: behind "sampled:" that of its length and of pieces spread evenly. */
    static Named named(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        try (var channel = FileChannel.open(file)) {
            return new Named(
                    name, channel.size() <= READ_WHOLE ? FileHash.sha256(file, _ -> {}) : "sampled:" + sample(channel));
        }
    }

    private static String sample(FileChannel channel) throws IOException {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            long size = channel.size();
            sha.update(ByteBuffer.allocate(Long.BYTES).putLong(size).flip());
            for (int piece = 0; piece < PIECES; piece++) {
                var bytes = ByteBuffer.allocate(PIECE);
                channel.read(bytes, (size - PIECE) / (PIECES - 1) * piece);
                sha.update(bytes.flip());
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
