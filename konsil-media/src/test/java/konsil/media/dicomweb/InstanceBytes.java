package konsil.media.dicomweb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The smallest DICOM file that says which instance it is. */
final class InstanceBytes {
    private InstanceBytes() {}

    static byte[] withUid(String uid) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[128]);
        out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        element(out, 0x0002, 0x0010, "1.2.840.10008.1.2.1\0");
        element(out, 0x0008, 0x0018, uid.length() % 2 == 0 ? uid : uid + "\0");
        return out.toByteArray();
    }

    private static void element(ByteArrayOutputStream out, int group, int element, String value) {
        out.writeBytes(new byte[] {(byte) group, 0, (byte) element, 0, 'U', 'I', (byte) value.length(), 0});
        out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }
}
