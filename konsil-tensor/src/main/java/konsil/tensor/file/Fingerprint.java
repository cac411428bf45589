package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * Tells models apart without reading all of them: a hash of every tensor's name, type, shape and a sample of its bytes,
 * and of the files that belong to the model. Two checkpoints with the same fingerprint were made from the same numbers
 * for all practical purposes; somebody who wants to deceive can make two that differ. A packed file has a hash of
 * everything, its identity, and needs no sample.
 */
public final class Fingerprint {
    /** Bytes of a tensor that are looked at, in pieces spread evenly. */
    private static final long SAMPLE = 1 << 16;

    private static final long PIECE = 1 << 10;

    private Fingerprint() {}

    /** SHA-256 in hex: the identity of a packed file, a sample of any other checkpoint. */
    public static String of(Checkpoint checkpoint) {
        if (checkpoint instanceof PackedFile packed) {
            return packed.identity();
        }
        var sha = new Sha256();
        for (String name : checkpoint.names()) {
            var info = checkpoint.info(name);
            text(sha, "%s %s %s\n".formatted(name, info.type(), info.shape()));
            sample(sha, checkpoint.bytes(name));
        }
        for (String name : checkpoint.files()) {
            text(sha, name);
            checkpoint.file(name).ifPresent(sha::update);
        }
        return sha.result().hex();
    }

    private static void text(Sha256 sha, String words) {
        sha.update(MemorySegment.ofArray(words.getBytes(StandardCharsets.UTF_8)));
    }

    private static void sample(Sha256 sha, MemorySegment bytes) {
        long size = bytes.byteSize();
        if (size <= SAMPLE) {
            sha.update(bytes);
            return;
        }
        long pieces = SAMPLE / PIECE;
        for (long piece = 0; piece < pieces; piece++) {
            long from = (size - PIECE) / (pieces - 1) * piece;
            sha.update(bytes.asSlice(from, PIECE));
        }
    }
}
