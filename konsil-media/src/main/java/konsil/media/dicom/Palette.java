package konsil.media.dicom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;

/** The colours of PALETTE COLOR (PS3.3 section C.7.6.3.1.5 and C.7.9), plain or in segments, as 8 bits each. */
record Palette(LookupTable red, LookupTable green, LookupTable blue) {
    private static final int MAX_ENTRIES = 1 << 16;

    /** @throws konsil.media.BadMediaException when a table is missing */
    static Palette of(DataSet image) {
        return new Palette(
                table(image, Tag.RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR),
                table(image, Tag.GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR),
                table(image, Tag.BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR));
    }

    private static LookupTable table(DataSet image, int descriptor) {
        int data = descriptor + 0x100;
        int segmented = descriptor + 0x120;
        Optional<LookupTable> plain = LookupTable.read(image, descriptor, data);
        Optional<LookupTable> found = plain.isPresent() ? plain : segments(image, descriptor, segmented);
        LookupTable table = found.orElseThrow(
                () -> image.context().bad(Tag.show(descriptor) + ": the palette is missing or damaged"));
        return eight(table);
    }

    /** Tables say 16 bits and hold 8, or the other way round; the largest entry tells. */
    private static LookupTable eight(LookupTable table) {
        int most = Arrays.stream(table.entries()).max().orElse(0);
        if (most < 256) {
            return new LookupTable(table.first(), 8, table.entries());
        }
        return new LookupTable(
                table.first(),
                8,
                Arrays.stream(table.entries()).map(e -> e >> 8).toArray());
    }

    private static Optional<LookupTable> segments(DataSet image, int descriptor, int tag) {
        double[] shape = image.numbers(descriptor);
        byte[] bytes = image.bytes(tag);
        if (shape.length < 3 || bytes.length < 4) {
            return Optional.empty();
        }
        int[] words = LookupTable.words(image, tag, bytes);
        var out = new ArrayList<Integer>();
        expand(words, 0, Integer.MAX_VALUE, out);
        int[] entries = out.stream().mapToInt(Integer::intValue).toArray();
        return entries.length == 0 ? Optional.empty() : Optional.of(new LookupTable((int) shape[1], 16, entries));
    }

    /** Discrete, linear and indirect segments (section C.7.9.2). Indirect ones may not name each other. */
    private static void expand(int[] words, int from, int segments, ArrayList<Integer> out) {
        boolean inner = segments != Integer.MAX_VALUE;
        int at = from;
        for (int s = 0; s < segments && at + 2 < words.length && out.size() < MAX_ENTRIES; s++) {
            int kind = words[at];
            int count = words[at + 1];
            if (kind == 0) {
                int end = Math.min(at + 2 + count, words.length);
                for (int i = at + 2; i < end; i++) {
                    out.add(words[i]);
                }
                at += 2 + count;
            } else if (kind == 1 && !out.isEmpty()) {
                int start = out.getLast();
                for (int i = 1; i <= count; i++) {
                    out.add((int) Math.rint(start + (words[at + 2] - start) * (double) i / count));
                }
                at += 3;
            } else if (kind == 2 && !inner && at + 3 < words.length) {
                long place = (words[at + 2] | (long) words[at + 3] << 16) / 2;
                if (place < at) {
                    expand(words, (int) place, count, out);
                }
                at += 4;
            } else {
                return;
            }
        }
    }
}
