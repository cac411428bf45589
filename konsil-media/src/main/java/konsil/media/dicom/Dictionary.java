package konsil.media.dicom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The elements of the standard (PS3.6 chapters 6 to 8): keyword and VR of each; the table is beside this class. */
public final class Dictionary {
    private static final Map<Integer, Entry> BY_TAG = read();
    private static final Map<String, Integer> BY_KEYWORD = keywords(BY_TAG);

    private record Entry(Vr vr, String keyword) {}

    private Dictionary() {}

    private static Map<Integer, Entry> read() {
        var entries = new HashMap<Integer, Entry>(8192);
        try (InputStream table = Dictionary.class.getResourceAsStream("dictionary.txt");
                var lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.US_ASCII))) {
            lines.lines()
                    .forEach(line -> entries.put(
                            Integer.parseUnsignedInt(line.substring(0, 8), 16),
                            new Entry(Vr.valueOf(line.substring(8, 10)), line.substring(10))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(entries);
    }

    private static Map<String, Integer> keywords(Map<Integer, Entry> entries) {
        var tags = new HashMap<String, Integer>(8192);
        entries.forEach((tag, entry) -> tags.putIfAbsent(entry.keyword(), tag));
        return Map.copyOf(tags);
    }

    /**
     * The VR of an element that does not name it: as the standard says; LO for private creators, UL for group lengths,
     * UN for what is private or unknown.
     */
    static Vr vr(int tag) {
        if ((tag & 0xFFFF) == 0) {
            return Vr.UL;
        }
        if (Tag.isPrivate(tag)) {
            int element = tag & 0xFFFF;
            return element >= 0x10 && element <= 0xFF ? Vr.LO : Vr.UN;
        }
        Entry entry = entry(tag);
        return entry == null ? Vr.UN : entry.vr();
    }

    private static Entry entry(int tag) {
        int group = tag >>> 16;
        boolean repeats = group >= 0x5000 && group <= 0x501E || group >= 0x6000 && group <= 0x601E;
        return BY_TAG.get(repeats ? tag & 0xFF00FFFF : tag);
    }

    /** The keyword, such as {@code PatientName}; empty for private and unknown elements. */
    public static String keyword(int tag) {
        Entry entry = entry(tag);
        return entry == null ? "" : entry.keyword();
    }

    /** The tag with this keyword, spelt as DICOM spells it. */
    public static Optional<Integer> tag(String keyword) {
        return Optional.ofNullable(BY_KEYWORD.get(keyword));
    }
}
