package konsil.media.dicom;

import konsil.media.Raster;

/**
 * A grey frame as MedGemma's radiographs were prepared (Google's serving code, generic_dicom_handler): values through
 * the modality table, MONOCHROME1 inverted, windows of the file ignored. Eight bits stay as they are, of more the
 * smallest value becomes black and the largest white. The file's own window is {@link FramePicture}'s.
 */
public final class RadiographPicture {
    private static final int LEVELS = 255;

    private RadiographPicture() {}

    /**
     * @param info of the same frame
     * @throws konsil.media.BadMediaException when the frame is in colour
     */
    public static Raster of(DicomFile file, StoredFrame frame, FrameInfo info) {
        float[] values = GreyValues.of(file, frame, info);
        PixelLayout layout = frame.layout();
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (float value : values) {
            low = Float.isFinite(value) ? Math.min(low, value) : low;
            high = Float.isFinite(value) ? Math.max(high, value) : high;
        }
        boolean asStored = layout.bitsAllocated() == 8 && low >= 0 && high <= LEVELS;
        double black = asStored ? 0 : low;
        double range = asStored ? LEVELS : high - low;
        boolean inverted = layout.photometric().equals("MONOCHROME1");
        byte[] samples = new byte[Math.multiplyExact(3, values.length)];
        for (int i = 0; i < values.length; i++) {
            double share = range > 0 && Float.isFinite(values[i]) ? (values[i] - black) / range : 0;
            int level = (int) Math.rint(share * LEVELS);
            byte shown = (byte) (inverted ? LEVELS - level : level);
            samples[3 * i] = shown;
            samples[3 * i + 1] = shown;
            samples[3 * i + 2] = shown;
        }
        return new Raster(layout.columns(), layout.rows(), samples);
    }
}
