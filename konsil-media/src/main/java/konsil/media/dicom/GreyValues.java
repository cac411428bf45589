package konsil.media.dicom;

import java.util.Optional;

/** Grey frames in the units of their modality (PS3.3 section C.11.1): HU for CT. */
public final class GreyValues {
    private GreyValues() {}

    /**
     * Stored values through the modality table, or else times slope plus intercept.
     *
     * @param info of the same frame
     * @return rows * columns values
     * @throws konsil.media.BadMediaException when the frame is in colour
     */
    public static float[] of(DicomFile file, StoredFrame frame, FrameInfo info) {
        if (frame.layout().samplesPerPixel() != 1) {
            throw file.context()
                    .bad(Tag.show(Tag.SAMPLES_PER_PIXEL) + " is not 1: a picture in colour has no grey values");
        }
        float[] values = new float[frame.samples().size()];
        Optional<LookupTable> table = table(file);
        if (table.isPresent()) {
            for (int i = 0; i < values.length; i++) {
                values[i] = table.get().at(frame.value(i));
            }
            return values;
        }
        double slope = info.rescaleSlope();
        double intercept = info.rescaleIntercept();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (frame.number(i) * slope + intercept);
        }
        return values;
    }

    private static Optional<LookupTable> table(DicomFile file) {
        return file.dataSet()
                .item(Tag.MODALITY_LUT_SEQUENCE)
                .flatMap(item -> LookupTable.read(item, Tag.LUT_DESCRIPTOR, Tag.LUT_DATA));
    }

    /**
     * Whether a stored value stands for "no value here": (0028,0120) Pixel Padding Value, or between it and (0028,0121)
     * Pixel Padding Range Limit (PS3.3 section C.7.5.1.1.2).
     */
    static boolean[] padding(DicomFile file, StoredFrame frame) {
        boolean[] padded = new boolean[frame.samples().size()];
        var value = file.dataSet().number(Tag.PIXEL_PADDING_VALUE);
        if (value.isEmpty()) {
            return padded;
        }
        double limit = file.dataSet().number(Tag.PIXEL_PADDING_RANGE_LIMIT).orElse(value.getAsDouble());
        double least = Math.min(value.getAsDouble(), limit);
        double most = Math.max(value.getAsDouble(), limit);
        for (int i = 0; i < padded.length; i++) {
            double stored = frame.number(i);
            padded[i] = stored >= least && stored <= most;
        }
        return padded;
    }
}
