package konsil.media.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.Deflater;

/** Writes data elements as the standard wants them, or as a test wants them broken. */
public final class DicomWriter {
    private static final int UNDEFINED = -1;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final boolean explicit;
    private final boolean big;

    DicomWriter(boolean explicit, boolean big) {
        this.explicit = explicit;
        this.big = big;
    }

    public static DicomWriter explicitLittle() {
        return new DicomWriter(true, false);
    }

    /** An empty writer that writes as this one. */
    DicomWriter again() {
        return new DicomWriter(explicit, big);
    }

    private ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] filled(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }

    public DicomWriter raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    DicomWriter head(int tag, String vr, int length) {
        var head = buffer(12);
        head.putShort((short) (tag >>> 16)).putShort((short) tag);
        if (explicit && !vr.isEmpty()) {
            head.put(vr.getBytes(StandardCharsets.US_ASCII));
            if (Vr.valueOf(vr).hasLongLength()) {
                head.putShort((short) 0).putInt(length);
            } else {
                head.putShort((short) length);
            }
        } else {
            head.putInt(length);
        }
        out.writeBytes(filled(head));
        return this;
    }

    public DicomWriter bytes(int tag, String vr, byte[] value) {
        head(tag, vr, value.length + value.length % 2);
        out.writeBytes(value);
        if (value.length % 2 == 1) {
            out.write(0);
        }
        return this;
    }

    public DicomWriter text(int tag, String vr, String value) {
        String even = value.length() % 2 == 0 ? value : value + (vr.equals("UI") ? "\0" : " ");
        return bytes(tag, vr, even.getBytes(StandardCharsets.ISO_8859_1));
    }

    public DicomWriter us(int tag, int... values) {
        return bytes(tag, "US", words(values));
    }

    public byte[] words(int... values) {
        var words = buffer(2 * values.length);
        for (int value : values) {
            words.putShort((short) value);
        }
        return filled(words);
    }

    public DicomWriter sequence(int tag, boolean undefined, DicomWriter... items) {
        return sequence(tag, "SQ", undefined, items);
    }

    DicomWriter sequence(int tag, String vr, boolean undefined, DicomWriter... items) {
        var inside = again();
        for (DicomWriter item : items) {
            byte[] bytes = item.toBytes();
            inside.head(Tag.ITEM, "", undefined ? UNDEFINED : bytes.length).raw(bytes);
            if (undefined) {
                inside.head(Tag.ITEM_END, "", 0);
            }
        }
        byte[] bytes = inside.toBytes();
        head(tag, vr, undefined ? UNDEFINED : bytes.length).raw(bytes);
        return undefined ? head(Tag.SEQUENCE_END, "", 0) : this;
    }

    /** Encapsulated pixels; the first item is the offset table. */
    public DicomWriter fragments(int[] table, List<byte[]> fragments) {
        head(Tag.PIXEL_DATA, "OB", UNDEFINED).head(Tag.ITEM, "", 4 * table.length);
        var offsets = buffer(4 * table.length);
        for (int offset : table) {
            offsets.putInt(offset);
        }
        raw(filled(offsets));
        for (byte[] fragment : fragments) {
            head(Tag.ITEM, "", fragment.length + fragment.length % 2).raw(fragment);
            if (fragment.length % 2 == 1) {
                out.write(0);
            }
        }
        return head(Tag.SEQUENCE_END, "", 0);
    }

    /** An image's description. */
    public DicomWriter image(int rows, int columns, int samples, int[] bits, boolean signed, String photometric) {
        return us(Tag.SAMPLES_PER_PIXEL, samples)
                .text(Tag.PHOTOMETRIC_INTERPRETATION, "CS", photometric)
                .us(Tag.ROWS, rows)
                .us(Tag.COLUMNS, columns)
                .us(Tag.BITS_ALLOCATED, bits[0])
                .us(Tag.BITS_STORED, bits[1])
                .us(Tag.HIGH_BIT, bits[1] - 1)
                .us(Tag.PIXEL_REPRESENTATION, signed ? 1 : 0);
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }

    /** A file with preamble and meta header. */
    public byte[] file(String transferSyntax) {
        var meta = explicitLittle()
                .text(Tag.MEDIA_STORAGE_SOP_CLASS_UID, "UI", "1.2.840.10008.5.1.4.1.1.7")
                .text(Tag.TRANSFER_SYNTAX_UID, "UI", transferSyntax)
                .toBytes();
        var file = explicitLittle().raw(new byte[128]).raw("DICM".getBytes(StandardCharsets.US_ASCII));
        file.bytes(Tag.FILE_META_INFORMATION_GROUP_LENGTH, "UL", new byte[] {(byte) meta.length, 0, 0, 0});
        file.raw(meta).raw(transferSyntax.endsWith(".99") ? deflated() : toBytes());
        return file.toBytes();
    }

    public DicomFile open(String transferSyntax) {
        return DicomFile.of("x", file(transferSyntax));
    }

    private byte[] deflated() {
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(toBytes());
        deflater.finish();
        byte[] packed = new byte[out.size() + 64];
        int length = deflater.deflate(packed);
        deflater.end();
        return java.util.Arrays.copyOf(packed, length);
    }
}
