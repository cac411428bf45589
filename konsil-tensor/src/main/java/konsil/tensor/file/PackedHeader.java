package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.zip.CRC32;

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
 *  96  4  CRC-32 of the 96 bytes before and the index: finds damage on opening, in a fraction of SHA-256's time
 * 100 28  zero
 * </pre>
 *
 * @param indexHash SHA-256 of the index
 * @param identity SHA-256 that stands for the file
 */
record PackedHeader(long indexBytes, Hash indexHash, Hash identity) {
    /** "KONSIL\r\n": a line end changed in transit makes the file unreadable rather than wrong. */
    static final long MAGIC = 0x0A0D4C49534E4F4BL;

    static final int VERSION = 1;
    static final int BYTES = 128;

    /** Some hundred bytes a tensor, and small metadata. */
    private static final long MAX_INDEX = 1L << 30;

    private static final int HASHED = 64;
    private static final int SUMMED = 96;

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
        var identity = cursor.take(Sha256.BYTES, "the hash of the header");
        long sum = cursor.u32("the sum of the header");
        var rest = cursor.take(BYTES - cursor.position(), "the header");
        if (fileBytes != bytes.byteSize()) {
            throw new BadFileException(
                    file, "the file was %d bytes long, now it is %d".formatted(fileBytes, bytes.byteSize()));
        }
        if (indexBytes < 0 || indexBytes > Math.min(cursor.remaining(), MAX_INDEX)) {
            throw new BadFileException(
                    file, "the index of %s bytes does not fit the file".formatted(Long.toUnsignedString(indexBytes)));
        }
        boolean whole = sum == sum(bytes, bytes.asSlice(BYTES, indexBytes));
        if (!whole || rest.mismatch(MemorySegment.ofArray(new byte[(int) rest.byteSize()])) != -1) {
            throw new BadFileException(file, "header or index are damaged; import the model again");
        }
        return new PackedHeader(indexBytes, new Hash(indexHash), new Hash(identity));
    }

    private static long sum(MemorySegment header, MemorySegment index) {
        var crc = new CRC32();
        crc.update(header.asSlice(0, SUMMED).asByteBuffer());
        crc.update(index.asByteBuffer());
        return crc.getValue();
    }

    /**
     * Compares the hashes of header and index.
     *
     * @param bytes the whole file
     */
    void verify(MemorySegment bytes, Path file) {
        boolean whole = indexHash.sameAs(Hash.of(bytes.asSlice(BYTES, indexBytes)))
                && identity.sameAs(Hash.of(bytes.asSlice(0, HASHED)));
        if (!whole) {
            throw new BadFileException(file, "header or index have changed since the import; import the model again");
        }
    }

    /** The header of a file of this length with this index. */
    static byte[] encode(long fileBytes, byte[] index) {
        byte[] all = new byte[BYTES];
        var header = MemorySegment.ofArray(all);
        var indexSegment = MemorySegment.ofArray(index);
        header.set(ByteCursor.LONG, 0, MAGIC);
        header.set(ByteCursor.INT, 8, VERSION);
        header.set(ByteCursor.INT, 12, BYTES);
        header.set(ByteCursor.LONG, 16, fileBytes);
        header.set(ByteCursor.LONG, 24, index.length);
        MemorySegment.copy(Hash.of(indexSegment).bytes(), 0, header, 32, Sha256.BYTES);
        MemorySegment.copy(Hash.of(header.asSlice(0, HASHED)).bytes(), 0, header, HASHED, Sha256.BYTES);
        header.set(ByteCursor.INT, SUMMED, (int) sum(header, indexSegment));
        return all;
    }
}
