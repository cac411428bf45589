package konsil.media.dicom;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes DICOM files of one uncompressed frame: preamble, meta header, explicit little endian (PS3.10 section 7.1, PS3.5
 * annex A.2). Elements may be given in any order; a second value for a tag takes the place of the first. ASCII only.
 */
public final class DicomImageWriter {
    private static final String EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
    private static final int PREAMBLE = 128;
    private static final int MEDIA_STORAGE_SOP_INSTANCE_UID = 0x00020003;
    private static final int META_VERSION = 0x00020001;
    private static final int IMPLEMENTATION_CLASS_UID = 0x00020012;
    private static final int LONGEST_DECIMAL = 16;
    private static final int LONGEST_SHORT = 0xFFFF;

    private final String implementation;
    private final Map<Integer, Element> elements = new TreeMap<>(Integer::compareUnsigned);

    private record Element(Vr vr, byte[] value) {}

    /** @param implementation UID of the program that writes, for the meta header */
    public DicomImageWriter(String implementation) {
        this.implementation = implementation;
    }

    /**
     * Text, several values with a backslash between them.
     *
     * @throws IllegalArgumentException when a character is no ASCII, or a value is too long for its length field
     */
    public DicomImageWriter text(int tag, Vr vr, String text) {
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(Tag.show(tag) + ": want ASCII");
        }
        boolean odd = text.length() % 2 != 0;
        String padded = !odd ? text : text + (vr == Vr.UI ? '\0' : ' ');
        return put(tag, vr, padded.getBytes(StandardCharsets.US_ASCII));
    }

    /** Decimal strings (DS): at most 16 characters each, rounded to what fits. */
    public DicomImageWriter decimals(int tag, double... values) {
        var text = new StringBuilder();
        for (double value : values) text.append(text.isEmpty() ? "" : "\\").append(decimal(value));
        return text(tag, Vr.DS, text.toString());
    }

    /** A whole number as text (IS). */
    public DicomImageWriter whole(int tag, int value) {
        return text(tag, Vr.IS, Integer.toString(value));
    }

    /** Unsigned 16 bits (US). */
    public DicomImageWriter unsigned(int tag, int value) {
        return put(tag, Vr.US, new byte[] {(byte) value, (byte) (value >> 8)});
    }

    /** Pixel data of 16 bits (OW). */
    public DicomImageWriter pixels(short[] stored) {
        var bytes = ByteBuffer.allocate(Math.multiplyExact(2, stored.length)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(stored);
        return put(Tag.PIXEL_DATA, Vr.OW, bytes.array());
    }

    private DicomImageWriter put(int tag, Vr vr, byte[] value) {
        if (!vr.hasLongLength() && value.length > LONGEST_SHORT) {
            throw new IllegalArgumentException(
                    "%s: want at most %d bytes, got %d".formatted(Tag.show(tag), LONGEST_SHORT, value.length));
        }
        elements.put(tag, new Element(vr, value));
        return this;
    }

    static String decimal(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e9) return Long.toString((long) value);
        for (int digits = 12; ; digits--) {
            String text = new BigDecimal(value)
                    .round(new MathContext(digits))
                    .stripTrailingZeros()
                    .toString();
            if (text.length() <= LONGEST_DECIMAL) return text;
        }
    }

    /**
     * The file.
     *
     * @throws IllegalArgumentException when SOP class or instance were not given
     */
    public byte[] bytes() {
        var out = new ByteArrayOutputStream();
        byte[] meta = meta();
        out.writeBytes(new byte[PREAMBLE]);
        out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        var length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(meta.length);
        write(out, Tag.FILE_META_INFORMATION_GROUP_LENGTH, new Element(Vr.UL, length.array()));
        out.writeBytes(meta);
        elements.forEach((tag, element) -> write(out, tag, element));
        return out.toByteArray();
    }

    private byte[] meta() {
        var file = new DicomImageWriter(implementation);
        file.put(META_VERSION, Vr.OB, new byte[] {0, 1});
        file.put(Tag.MEDIA_STORAGE_SOP_CLASS_UID, Vr.UI, value(Tag.SOP_CLASS_UID));
        file.put(MEDIA_STORAGE_SOP_INSTANCE_UID, Vr.UI, value(Tag.SOP_INSTANCE_UID));
        file.text(Tag.TRANSFER_SYNTAX_UID, Vr.UI, EXPLICIT_LITTLE_ENDIAN);
        file.text(IMPLEMENTATION_CLASS_UID, Vr.UI, implementation);
        var out = new ByteArrayOutputStream();
        file.elements.forEach((tag, element) -> write(out, tag, element));
        return out.toByteArray();
    }

    private byte[] value(int tag) {
        var element = elements.get(tag);
        if (element == null) throw new IllegalArgumentException("want " + Tag.show(tag));
        return element.value();
    }

    private static void write(ByteArrayOutputStream out, int tag, Element element) {
        boolean wide = element.vr().hasLongLength();
        var head = ByteBuffer.allocate(wide ? 12 : 8).order(ByteOrder.LITTLE_ENDIAN);
        head.putShort((short) (tag >>> 16)).putShort((short) tag);
        head.put(element.vr().name().getBytes(StandardCharsets.US_ASCII));
        if (wide) head.putShort((short) 0).putInt(element.value().length);
        else head.putShort((short) element.value().length);
        out.writeBytes(head.array());
        out.writeBytes(element.value());
    }
}
