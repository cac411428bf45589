package konsil.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A DICOM file, explicit little endian, element by element in the order of their tags. */
final class DicomBytes {
    static final String NAME = "DOE^JANE";
    private static final String SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    DicomBytes text(int tag, String vr, String value) {
        String even = value.length() % 2 == 0 ? value : value + (vr.equals("UI") ? "\0" : " ");
        return bytes(tag, vr, even.getBytes(StandardCharsets.ISO_8859_1));
    }

    DicomBytes number(int tag, int value) {
        return bytes(tag, "US", new byte[] {(byte) value, (byte) (value >> 8)});
    }

    DicomBytes bytes(int tag, String vr, byte[] value) {
        little(tag >>> 16, 2).little(tag, 2);
        out.writeBytes(vr.getBytes(StandardCharsets.US_ASCII));
        if (List.of("OW", "OB", "SQ").contains(vr)) {
            little(0, 2).little(value.length, 4);
        } else {
            little(value.length, 2);
        }
        out.writeBytes(value);
        return this;
    }

    private DicomBytes little(int value, int width) {
        for (int i = 0; i < width; i++) {
            out.write(value >>> 8 * i);
        }
        return this;
    }

    byte[] file() {
        return file("1.2.840.10008.1.2.1");
    }

    /** Pixels of 16 bits. */
    static byte[] words(short[] values) {
        byte[] bytes = new byte[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[2 * i] = (byte) values[i];
            bytes[2 * i + 1] = (byte) (values[i] >> 8);
        }
        return bytes;
    }

    /**
     * A slice of 16 x 16 pixels of 2 mm, 3 mm after the one before, its number in its stored values.
     *
     * @param modality CT with an intercept of -1024, or another
     */
    static byte[] slice(String modality, String series, int number) {
        short[] values = new short[256];
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) (1000 + i + 10 * number);
        }
        return new DicomBytes()
                .of(modality, series, number)
                .text(0x00200013, "IS", Integer.toString(number))
                .text(0x00200032, "DS", "-15\\-15\\" + (100 + 3 * number))
                .text(0x00200037, "DS", "1\\0\\0\\0\\1\\0")
                .image("MONOCHROME2")
                .text(0x00280030, "DS", "2\\2")
                .depth()
                .text(0x00281052, "DS", modality.equals("CT") ? "-1024" : "0")
                .text(0x00281053, "DS", "1")
                .bytes(0x7FE00010, "OW", words(values))
                .file();
    }

    /** A radiograph of 16 x 8 pixels, values 500, 501, ... */
    static byte[] radiograph(String photometric) {
        short[] values = new short[128];
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) (500 + i);
        }
        return new DicomBytes()
                .text(0x00080060, "CS", "DX")
                .text(0x00100010, "PN", NAME)
                .text(0x0020000E, "UI", "1.2.9")
                .number(0x00280002, 1)
                .text(0x00280004, "CS", photometric)
                .number(0x00280010, 8)
                .number(0x00280011, 16)
                .depth()
                .bytes(0x7FE00010, "OW", words(values))
                .file();
    }

    private DicomBytes image(String photometric) {
        return number(0x00280002, 1)
                .text(0x00280004, "CS", photometric)
                .number(0x00280010, 16)
                .number(0x00280011, 16);
    }

    private DicomBytes depth() {
        return number(0x00280100, 16)
                .number(0x00280101, 16)
                .number(0x00280102, 15)
                .number(0x00280103, 0);
    }

    /** What an archive files it under: the study is the series' UID without its last number. */
    private DicomBytes of(String modality, String series, int number) {
        return text(0x00080016, "UI", SECONDARY_CAPTURE)
                .text(0x00080018, "UI", series + "." + number)
                .text(0x00080060, "CS", modality)
                .text(0x00100010, "PN", NAME)
                .text(0x00100020, "LO", "P1")
                .text(0x0020000D, "UI", study(series))
                .text(0x0020000E, "UI", series);
    }

    static String study(String series) {
        return series.substring(0, series.lastIndexOf('.'));
    }

    /**
     * Frames as they are encapsulated, one fragment each.
     *
     * @param bits allocated and stored
     */
    static byte[] packed(String syntax, String series, int[] size, int[] bits, List<byte[]> frames) {
        boolean colour = size[2] == 3;
        var file = new DicomBytes()
                .of("OT", series, 1)
                .number(0x00280002, size[2])
                .text(0x00280004, "CS", colour ? "RGB" : "MONOCHROME2");
        if (colour) {
            file.number(0x00280006, 0);
        }
        file.text(0x00280008, "IS", Integer.toString(frames.size()))
                .number(0x00280010, size[1])
                .number(0x00280011, size[0])
                .number(0x00280100, bits[0])
                .number(0x00280101, bits[1])
                .number(0x00280102, bits[1] - 1)
                .number(0x00280103, 0);
        file.little(0x7FE0, 2).little(0x0010, 2);
        file.out.writeBytes("OB".getBytes(StandardCharsets.US_ASCII));
        file.little(0, 2).little(-1, 4).item(new byte[0]);
        frames.forEach(file::item);
        file.little(0xFFFE, 2).little(0xE0DD, 2).little(0, 4);
        return file.file(syntax);
    }

    private void item(byte[] bytes) {
        little(0xFFFE, 2).little(0xE000, 2).little(bytes.length + bytes.length % 2, 4);
        out.writeBytes(Arrays.copyOf(bytes, bytes.length + bytes.length % 2));
    }

    /** A file with a whole meta header. */
    private byte[] file(String syntax) {
        var meta = new DicomBytes()
                .bytes(0x00020001, "OB", new byte[] {0, 1})
                .text(0x00020002, "UI", SECONDARY_CAPTURE)
                .text(0x00020003, "UI", "1.2.3.4")
                .text(0x00020010, "UI", syntax)
                .text(0x00020012, "UI", "1.2.3.5");
        var file = new DicomBytes();
        file.out.writeBytes(new byte[128]);
        file.out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        int length = meta.out.size();
        file.bytes(0x00020000, "UL", new byte[] {(byte) length, (byte) (length >> 8), 0, 0});
        file.out.writeBytes(meta.out.toByteArray());
        file.out.writeBytes(out.toByteArray());
        return file.out.toByteArray();
    }

    /** A DICOMDIR (PS3.3, F.3) that names files, each by its folders and name. */
    static byte[] directory(List<List<String>> files) {
        var records = new DicomBytes();
        for (List<String> file : files) {
            var one = new DicomBytes().text(0x00041430, "CS", "IMAGE").text(0x00041500, "CS", String.join("\\", file));
            records.item(one.out.toByteArray());
        }
        return new DicomBytes()
                .bytes(0x00041220, "SQ", records.out.toByteArray())
                .file("1.2.840.10008.1.2.1");
    }
}
