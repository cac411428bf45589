package konsil.media.dicom;

/**
 * One frame as stored values: unpacked, without any scaling.
 *
 * @param layout of the file; colours and planes as they are here, that is sample by sample, pixel by pixel, row by row
 * @param samples rows * columns * samplesPerPixel words
 */
public record StoredFrame(PixelLayout layout, Samples samples) {
    public StoredFrame {
        if (samples.size() != layout.frameSamples()) {
            throw new IllegalArgumentException(
                    "frame: want %d samples, got %d".formatted(layout.frameSamples(), samples.size()));
        }
    }

    /**
     * A stored value: the stored bits of its word, with their sign. Bits beside them, such as overlays, are left out.
     *
     * @throws UnsupportedOperationException for floating point and 64 bits, see {@link #number}
     */
    public int value(int index) {
        int shifted = samples.bits(index) << (31 - layout.highBit());
        int unused = 32 - layout.bitsStored();
        return layout.signed() ? shifted >> unused : shifted >>> unused;
    }

    /** The same as a number of any kind. */
    public double number(int index) {
        return switch (samples) {
            case Samples.Bytes _, Samples.Shorts _ -> value(index);
            case Samples.Ints _ -> layout.signed() ? value(index) : value(index) & 0xFFFFFFFFL;
            case Samples.Floats _, Samples.Doubles _ -> samples.number(index);
        };
    }

    /** The size; no values. */
    @Override
    public String toString() {
        return "StoredFrame[%d x %d, %d bits]".formatted(layout.columns(), layout.rows(), layout.bitsStored());
    }
}
