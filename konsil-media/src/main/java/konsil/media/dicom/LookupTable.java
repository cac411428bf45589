package konsil.media.dicom;

import java.util.Optional;

/**
 * A table from values to values (PS3.3 sections C.11.1.1.1, C.11.2.1.1 and C.7.6.3.1.5).
 *
 * @param first the value that the first entry is for
 * @param bits of an entry, 1 to 16
 */
record LookupTable(int first, int bits, int[] entries) {
    /** @param descriptor tag of entries, first value, bits; @param data tag of the entries */
    static Optional<LookupTable> read(DataSet set, int descriptor, int data) {
        double[] shape = set.numbers(descriptor);
        byte[] bytes = set.bytes(data);
        if (shape.length < 3 || bytes.length == 0) {
            return Optional.empty();
        }
        int count = (int) shape[0] & 0xFFFF;
        count = count == 0 ? 1 << 16 : count;
        int bits = (int) shape[2] & 0xFFFF;
        boolean octets = bytes.length == count || bytes.length == count + 1 && count > 1;
        int[] entries = octets ? octets(bytes, count) : words(set, data, bytes);
        if (entries.length == 0 || bits < 1 || bits > 16) {
            set.context().warnings().add(Tag.show(descriptor) + " does not fit its table, which is passed over");
            return Optional.empty();
        }
        return Optional.of(new LookupTable((int) shape[1], bits, entries));
    }

    private static int[] octets(byte[] bytes, int count) {
        int[] entries = new int[count];
        for (int i = 0; i < count; i++) {
            entries[i] = bytes[i] & 0xFF;
        }
        return entries;
    }

    static int[] words(DataSet set, int tag, byte[] bytes) {
        boolean big =
                set.element(tag).orElseThrow().value() instanceof DicomElement.Stored(var span) && span.bigEndian();
        int[] entries = new int[bytes.length / 2];
        for (int i = 0; i < entries.length; i++) {
            int one = bytes[2 * i] & 0xFF;
            int two = bytes[2 * i + 1] & 0xFF;
            entries[i] = big ? one << 8 | two : two << 8 | one;
        }
        return entries;
    }

    /** The entry for a value; those outside get the first or last entry. */
    int at(int value) {
        return entries[Math.clamp((long) value - first, 0, entries.length - 1)];
    }

    /** The same as a share of the largest value that the bits allow. */
    double share(int value) {
        return Math.min(1, at(value) / ((1 << bits) - 1.0));
    }
}
