package konsil.media.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Siemens' headers made by hand. */
public final class CsaBytes {
    private CsaBytes() {}

    /** @param newer whether SV10 stands in front; older headers add the first tag's number of items to each length */
    public static byte[] header(boolean newer, Map<String, List<String>> tags) {
        var out = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN);
        if (newer) {
            out.put("SV10".getBytes(StandardCharsets.US_ASCII)).putInt(0x01020304);
        }
        out.putInt(tags.size()).putInt(77);
        int items = 6;
        tags.forEach((name, values) -> {
            out.put(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 64));
            out.putInt(values.size()).put("FD\0\0".getBytes(StandardCharsets.US_ASCII));
            out.putInt(4).putInt(items).putInt(77);
            for (int i = 0; i < items; i++) {
                byte[] text =
                        i < values.size() ? (values.get(i) + "\0").getBytes(StandardCharsets.US_ASCII) : new byte[0];
                int length = newer ? text.length : text.length + items;
                out.putInt(length).putInt(text.length).putInt(77).putInt(text.length);
                out.put(Arrays.copyOf(text, (text.length + 3) / 4 * 4));
            }
        });
        return Arrays.copyOf(out.array(), out.position());
    }
}
