package konsil.cli.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import konsil.media.dicom.DicomFile;
import konsil.media.dicom.StoredFrame;
import konsil.media.dicom.Tag;

/**
 * A CT slice of nobody as DICOM files of several transfer syntaxes. golden/dicom/make_bench.py made the picture and
 * packed it; nothing here packs JPEG-LS or JPEG 2000.
 */
final class MadeUpSlice {
    static final int SIDE = 512;

    private static final String RLE = "1.2.840.10008.1.2.5";
    private static final String JPEG_LS = "1.2.840.10008.1.2.4.80";
    private static final String JPEG_2000 = "1.2.840.10008.1.2.4.90";
    private static final String PLAIN = "1.2.840.10008.1.2.1";
    private static final int RUN = 128;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private MadeUpSlice() {}

    static DicomFile jpegLs() throws IOException {
        return packed("JPEG-LS", JPEG_LS, resource("slice.jls"));
    }

    static DicomFile jpeg2000() throws IOException {
        return packed("JPEG 2000", JPEG_2000, resource("slice.j2k"));
    }

    static DicomFile runLength(short[] values) {
        return packed("RLE", RLE, runLengths(values));
    }

    /** The picture's values. */
    static short[] values() throws IOException {
        StoredFrame frame = jpegLs().pixels().frame(0);
        var values = new short[SIDE * SIDE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) frame.value(i);
        }
        return values;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = MadeUpSlice.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from this program");
            }
            return in.readAllBytes();
        }
    }

    private static DicomFile packed(String name, String syntax, byte[] stream) {
        var slice = new MadeUpSlice();
        slice.header(syntax, 0);
        slice.element(Tag.PIXEL_DATA, "OB", -1);
        slice.element(0xFFFEE000, "", 0);
        slice.element(0xFFFEE000, "", stream.length + stream.length % 2);
        slice.out.writeBytes(stream);
        slice.out.writeBytes(new byte[stream.length % 2]);
        slice.element(0xFFFEE0DD, "", 0);
        return DicomFile.of(name, slice.out.toByteArray());
    }

    /** A file of a series, uncompressed. @param number of the slice, 2 mm above the one before */
    static byte[] plain(short[] values, int number) {
        var slice = new MadeUpSlice();
        slice.header(PLAIN, number);
        slice.element(Tag.PIXEL_DATA, "OW", 2 * values.length);
        var words = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        words.asShortBuffer().put(values);
        slice.out.writeBytes(words.array());
        return slice.out.toByteArray();
    }

    private void header(String syntax, int number) {
        out.writeBytes(new byte[128]);
        out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        text(Tag.TRANSFER_SYNTAX_UID, "UI", syntax);
        text(Tag.MODALITY, "CS", "CT");
        text(Tag.SERIES_INSTANCE_UID, "UI", "1.2.3");
        text(Tag.INSTANCE_NUMBER, "IS", Integer.toString(number));
        text(Tag.IMAGE_POSITION_PATIENT, "DS", "-180\\-180\\" + 2 * number);
        text(Tag.IMAGE_ORIENTATION_PATIENT, "DS", "1\\0\\0\\0\\1\\0");
        number(Tag.SAMPLES_PER_PIXEL, 1);
        text(Tag.PHOTOMETRIC_INTERPRETATION, "CS", "MONOCHROME2");
        number(Tag.ROWS, SIDE);
        number(Tag.COLUMNS, SIDE);
        text(Tag.PIXEL_SPACING, "DS", "0.7\\0.7");
        number(Tag.BITS_ALLOCATED, 16);
        number(Tag.BITS_STORED, 12);
        number(Tag.HIGH_BIT, 11);
        number(Tag.PIXEL_REPRESENTATION, 0);
        text(Tag.RESCALE_INTERCEPT, "DS", "-1024");
        text(Tag.RESCALE_SLOPE, "DS", "1");
    }

    private void text(int tag, String vr, String value) {
        byte[] bytes = (value.length() % 2 == 0 ? value : value + (vr.equals("UI") ? "\0" : " "))
                .getBytes(StandardCharsets.US_ASCII);
        element(tag, vr, bytes.length);
        out.writeBytes(bytes);
    }

    private void number(int tag, int value) {
        element(tag, "US", 2);
        out.write(value);
        out.write(value >> 8);
    }

    private void element(int tag, String vr, int length) {
        var head = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        head.putShort((short) (tag >>> 16)).putShort((short) tag);
        head.put(vr.getBytes(StandardCharsets.US_ASCII));
        if (vr.isEmpty()) {
            head.putInt(length);
        } else if (vr.startsWith("O")) {
            head.putShort((short) 0).putInt(length);
        } else {
            head.putShort((short) length);
        }
        out.write(head.array(), 0, head.position());
    }

    /** DICOM's run lengths (PS3.5 annex G): the upper bytes, then the lower ones. */
    private static byte[] runLengths(short[] values) {
        byte[] upper = runs(values, 8);
        byte[] lower = runs(values, 0);
        var all = ByteBuffer.allocate(64 + upper.length + lower.length).order(ByteOrder.LITTLE_ENDIAN);
        all.putInt(2).putInt(64).putInt(64 + upper.length).position(64);
        return all.put(upper).put(lower).array();
    }

    private static byte[] runs(short[] values, int shift) {
        var packed = new ByteArrayOutputStream();
        int at = 0;
        while (at < values.length) {
            int same = 1;
            while (same < RUN
                    && at + same < values.length
                    && level(values, at + same, shift) == level(values, at, shift)) {
                same++;
            }
            if (same > 2) {
                packed.write(1 - same);
                packed.write(level(values, at, shift));
                at += same;
                continue;
            }
            int end = at + 1;
            while (end < values.length
                    && end - at < RUN
                    && level(values, end, shift) != level(values, end - 1, shift)) {
                end++;
            }
            packed.write(end - at - 1);
            for (; at < end; at++) {
                packed.write(level(values, at, shift));
            }
        }
        packed.writeBytes(new byte[packed.size() % 2]);
        return packed.toByteArray();
    }

    private static byte level(short[] values, int at, int shift) {
        return (byte) (values[at] >> shift);
    }
}
