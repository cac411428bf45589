package konsil.media.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The header that Siemens' scanners leave in a private element (0029,xx10), in its older form or with SV10 in front.
 * Its form is known from other programs' documentation alone (nibabel, "Siemens format DICOM with CSA header"). What
 * does not fit is left out: it is a manufacturer's own and never needed to read pixels.
 */
record CsaHeader(Map<String, List<String>> values) {
    private static final String CREATOR = "SIEMENS CSA HEADER";
    private static final int GROUP = 0x00290000;
    private static final int NAME = 64;
    private static final int HEAD = 84;
    private static final int MOST = 1000;

    /** The header of an image; without values when there is none. */
    static CsaHeader of(DataSet image) {
        for (int block = 0x10; block <= 0xFF; block++) {
            if (image.has(GROUP | block) && image.text(GROUP | block).orElse("").equals(CREATOR)) {
                return parse(image.bytes(GROUP | block << 8 | 0x10));
            }
        }
        return new CsaHeader(Map.of());
    }

    static CsaHeader parse(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean newer = bytes.length > 16 && new String(bytes, 0, 4, StandardCharsets.ISO_8859_1).equals("SV10");
        var values = new HashMap<String, List<String>>();
        if (bytes.length < 16) {
            return new CsaHeader(values);
        }
        in.position(newer ? 8 : 0);
        int tags = in.getInt();
        in.getInt();
        int firstItems = -1;
        for (int tag = 0; tag < tags && tag < MOST && in.remaining() >= HEAD; tag++) {
            String name = text(in, NAME);
            int count = in.getInt();
            in.getInt();
            in.getInt();
            int items = in.getInt();
            in.getInt();
            firstItems = firstItems < 0 ? items : firstItems;
            List<String> found = items(in, items, newer ? -1 : firstItems);
            values.put(name, found.subList(0, Math.clamp(count, 0, found.size())));
        }
        return new CsaHeader(values);
    }

    /** @param older number of items of the first tag, which older headers add to lengths; -1 for newer ones */
    private static List<String> items(ByteBuffer in, int count, int older) {
        var items = new ArrayList<String>();
        for (int i = 0; i < count && in.remaining() >= 16; i++) {
            int first = in.getInt();
            int second = in.getInt();
            in.getLong();
            int length = older >= 0 ? first - older : second;
            if (length < 0 || length > in.remaining()) {
                in.position(in.limit());
                break;
            }
            int start = in.position();
            items.add(text(in, length));
            in.position((int) Math.min(in.limit(), start + (length + 3L) / 4 * 4));
        }
        return items;
    }

    /** Text up to a zero byte. */
    private static String text(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        int end = 0;
        while (end < length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.ISO_8859_1).strip();
    }

    /** The numbers of a tag; none when it is missing or holds others than numbers. */
    double[] numbers(String tag) {
        try {
            return values.getOrDefault(tag, List.of()).stream()
                    .filter(text -> !text.isEmpty())
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (NumberFormatException text) {
            return new double[0];
        }
    }

    /** The first number of a tag as a whole one; 0 when there is none. */
    int integer(String tag) {
        return (int) Arrays.stream(numbers(tag)).findFirst().orElse(0);
    }
}
