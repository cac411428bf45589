package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over mapped memory. */
final class Sha256 {
    static final int BYTES = 32;

    private static final int CHUNK = 1 << 16;

    private final MessageDigest digest;
    private final byte[] chunk = new byte[CHUNK];

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    void update(MemorySegment bytes) {
        for (long done = 0; done < bytes.byteSize(); done += CHUNK) {
            int length = (int) Math.min(CHUNK, bytes.byteSize() - done);
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, done, chunk, 0, length);
            digest.update(chunk, 0, length);
        }
    }

    /** The hash; this object starts anew. */
    Hash result() {
        return new Hash(MemorySegment.ofArray(digest.digest()));
    }
}
