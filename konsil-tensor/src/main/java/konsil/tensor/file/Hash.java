package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/** A SHA-256, 32 bytes, as it lies in a file; turned into text only when asked, since a file has hundreds. */
record Hash(MemorySegment bytes) {
    static final Hash ZERO = new Hash(MemorySegment.ofArray(new byte[Sha256.BYTES]));

    static Hash of(MemorySegment content) {
        var sha = new Sha256();
        sha.update(content);
        return sha.result();
    }

    boolean sameAs(Hash other) {
        return bytes.mismatch(other.bytes) == -1;
    }

    String hex() {
        return HexFormat.of().formatHex(ByteCursor.array(bytes));
    }
}
