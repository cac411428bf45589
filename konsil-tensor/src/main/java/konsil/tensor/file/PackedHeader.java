package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The first {@value #BYTES} bytes of a packed file. All numbers are little-endian.
 *
 * <pre>
 *   0  8  magic, "KONSIL" CR LF
 *   8  4  version, 1
 *  12  4  length of the header, 128
 *  16  8  length of the file
 *  24  8  length of the index, which follows the header
 *  32 32  SHA-256 of the index
 *  64 32  SHA-256 of the 64 bytes before: the identity of the whole file, since the index holds a hash of every part
 *  96 32  zero
 * </pre>
 *
 * @param fileBytes length that the file must have
 * @param indexHash SHA-256 of the index in hex
 */
record PackedHeader(long fileBytes, long indexBytes, String indexHash) {
    /** "KONSIL\r\n": a line end changed in transit makes the file unreadable rather than wrong. */
    static final long MAGIC = 0x0A0D4C49534E4F4BL;

    static final int VERSION = 1;
    static final int BYTES = 128;

    private static final int HASHED = 64;

    /** @throws BadFileException when these are not the first bytes of a packed file of this length */
    static PackedHeader parse(MemorySegment bytes, Path file) {
        var cursor = new ByteCursor(file, bytes);
        if (cursor.u64("the magic number") != MAGIC) {
            throw new BadFileException(file, "this is not a packed Konsil file");
        }
        long version = cursor.u32("the version");
        long length = cursor.u32("the length of the header");
        if (version != VERSION || length != BYTES) {
            throw new BadFileException(
                    file,
                    "want a packed file of version %d, got %d; import the model again".formatted(VERSION, version));
        }
        long fileBytes = cursor.u64("the length of the file");
        long indexBytes = cursor.u64("the length of the index");
        var indexHash = cursor.take(Sha256.BYTES, "the hash of the index");
        var root = cursor.take(Sha256.BYTES, "the hash of the header");
        var rest = cursor.take(BYTES - cursor.position(), "the header");
        boolean whole = root.mismatch(MemorySegment.ofArray(Sha256.of(bytes.asSlice(0, HASHED)))) == -1;
        if (!whole || rest.mismatch(MemorySegment.ofArray(new byte[(int) rest.byteSize()])) != -1) {
            throw new BadFileException(file, "the header is damaged: its hash does not fit");
        }
        if (fileBytes != bytes.byteSize()) {
            throw new BadFileException(
                    file, "the file was %d bytes long, now it is %d".formatted(fileBytes, bytes.byteSize()));
        }
        if (indexBytes < 0 || indexBytes > cursor.remaining()) {
            throw new BadFileException(
                    file, "the index of %s bytes does not fit the file".formatted(Long.toUnsignedString(indexBytes)));
        }
        return new PackedHeader(fileBytes, indexBytes, Sha256.hex(ByteCursor.array(indexHash)));
    }

    byte[] encode() {
        byte[] all = new byte[BYTES];
        var segment = MemorySegment.ofArray(all);
        segment.set(ByteCursor.LONG, 0, MAGIC);
        segment.set(ByteCursor.INT, 8, VERSION);
        segment.set(ByteCursor.INT, 12, BYTES);
        segment.set(ByteCursor.LONG, 16, fileBytes);
        segment.set(ByteCursor.LONG, 24, indexBytes);
        System.arraycopy(HexFormat.of().parseHex(indexHash), 0, all, 32, Sha256.BYTES);
        System.arraycopy(root(all), 0, all, HASHED, Sha256.BYTES);
        return all;
    }

    /** The identity of the file in hex. */
    String identity() {
        return Sha256.hex(Arrays.copyOfRange(encode(), HASHED, HASHED + Sha256.BYTES));
    }

    private static byte[] root(byte[] header) {
        return Sha256.of(MemorySegment.ofArray(header).asSlice(0, HASHED));
    }
}
