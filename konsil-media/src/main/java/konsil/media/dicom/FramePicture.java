package konsil.media.dicom;

import java.util.Optional;
import konsil.media.Raster;

/**
 * A frame as it is meant to be seen, in 8-bit RGB: grey values through the file's own table or first window, palettes
 * and colour models resolved. Overlays are not drawn.
 */
public final class FramePicture {
    private static final int SCALE = 16;

    private final DicomFile file;
    private final StoredFrame frame;
    private final PixelLayout layout;
    private final byte[] out;

    private FramePicture(DicomFile file, StoredFrame frame) {
        this.file = file;
        this.frame = frame;
        this.layout = frame.layout();
        this.out = new byte[Math.multiplyExact(3, layout.rows() * layout.columns())];
    }

    /**
     * @param info of the same frame
     * @throws konsil.media.BadMediaException when its colour model is not known or a palette is missing
     */
    public static Raster of(DicomFile file, StoredFrame frame, FrameInfo info) {
        var picture = new FramePicture(file, frame);
        String photometric = frame.layout().photometric();
        int samples = frame.layout().samplesPerPixel();
        if (photometric.equals("PALETTE COLOR") && samples == 1) {
            picture.palette();
        } else if (samples == 1) {
            picture.grey(info, photometric.equals("MONOCHROME1"));
        } else if (samples == 3) {
            picture.colour(photometric);
        } else {
            throw file.context()
                    .bad(Tag.show(Tag.PHOTOMETRIC_INTERPRETATION)
                            + ": pictures with %d samples are not shown".formatted(samples));
        }
        return new Raster(frame.layout().columns(), frame.layout().rows(), picture.out);
    }

    /**
     * A frame whose samples are levels of colour or grey already: no window, no table.
     *
     * @throws konsil.media.BadMediaException when its samples are none, or its colour model is not known
     */
    public static Raster ofLevels(DicomFile file, StoredFrame frame) {
        var layout = frame.layout();
        var picture = new FramePicture(file, frame);
        if (layout.bitsStored() != 8 || layout.signed()) {
            throw file.context()
                    .bad("%s is %d, want 8 without sign".formatted(Tag.show(Tag.BITS_STORED), layout.bitsStored()));
        }
        if (layout.samplesPerPixel() == 3) {
            picture.colour(layout.photometric());
        } else if (layout.samplesPerPixel() == 1 && layout.photometric().equals("MONOCHROME2")) {
            for (int i = 0; i < picture.out.length; i++) {
                picture.out[i] = (byte) frame.value(i / 3);
            }
        } else {
            throw file.context()
                    .bad(Tag.show(Tag.PHOTOMETRIC_INTERPRETATION) + " and samples are not those of colours or grey");
        }
        return new Raster(layout.columns(), layout.rows(), picture.out);
    }

    private void palette() {
        Palette palette = Palette.of(file.dataSet());
        for (int i = 0; i < frame.samples().size(); i++) {
            int value = frame.value(i);
            out[3 * i] = (byte) palette.red().at(value);
            out[3 * i + 1] = (byte) palette.green().at(value);
            out[3 * i + 2] = (byte) palette.blue().at(value);
        }
    }

    private void grey(FrameInfo info, boolean inverted) {
        float[] values = GreyValues.of(file, frame, info);
        Optional<LookupTable> table = file.dataSet()
                .item(Tag.VOILUT_SEQUENCE)
                .flatMap(item -> LookupTable.read(item, Tag.LUT_DESCRIPTOR, Tag.LUT_DATA));
        VoiWindow window =
                info.windows().isEmpty() ? whole(values) : info.windows().getFirst();
        boolean byTable = info.windows().isEmpty() && table.isPresent();
        for (int i = 0; i < values.length; i++) {
            int grey = byTable
                    ? (int) (255 * table.get().share((int) Math.rint(values[i])) + 0.5)
                    : window.grey(values[i]);
            byte level = (byte) (inverted ? 255 - grey : grey);
            out[3 * i] = level;
            out[3 * i + 1] = level;
            out[3 * i + 2] = level;
        }
    }

    /** From the smallest to the largest value, padding apart. */
    private VoiWindow whole(float[] values) {
        boolean[] padded = GreyValues.padding(file, frame);
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < values.length; i++) {
            if (!padded[i] && Float.isFinite(values[i])) {
                least = Math.min(least, values[i]);
                most = Math.max(most, values[i]);
            }
        }
        boolean flat = !(most > least);
        double center = flat ? (Double.isFinite(least) ? least : 0) : least + (most - least) / 2;
        return new VoiWindow(center, flat ? 1 : most - least, VoiWindow.Function.LINEAR_EXACT);
    }

    private void colour(String photometric) {
        int shift = Math.max(0, layout.bitsStored() - 8);
        for (int i = 0; i < frame.samples().size(); i++) {
            int level = frame.value(i) >>> shift;
            out[i] = (byte) (layout.bitsStored() < 8 ? level * 255 / ((1 << layout.bitsStored()) - 1) : level);
        }
        switch (photometric) {
            case "RGB" -> {
                // These are the levels.
            }
            case "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT" -> toRgb(0, 1, 1);
            case "YBR_PARTIAL_422", "YBR_PARTIAL_420" -> toRgb(16, 255 / 219.0, 255 / 224.0);
            default ->
                throw file.context().bad(Tag.show(Tag.PHOTOMETRIC_INTERPRETATION) + ": this colour model is not shown");
        }
    }

    /** Section C.7.6.3.1.2, in fixed point with 16 bits, rounded as libjpeg rounds. */
    private void toRgb(int black, double luma, double chroma) {
        int y1 = fixed(luma);
        int red = fixed(1.402 * chroma);
        int greenCb = fixed(0.34414 * chroma);
        int greenCr = fixed(0.71414 * chroma);
        int blue = fixed(1.772 * chroma);
        int half = 1 << (SCALE - 1);
        for (int at = 0; at < out.length; at += 3) {
            int y = ((out[at] & 0xFF) - black) * y1 + half;
            int cb = (out[at + 1] & 0xFF) - 128;
            int cr = (out[at + 2] & 0xFF) - 128;
            out[at] = (byte) Math.clamp(y + red * cr >> SCALE, 0, 255);
            out[at + 1] = (byte) Math.clamp(y - greenCb * cb - greenCr * cr >> SCALE, 0, 255);
            out[at + 2] = (byte) Math.clamp(y + blue * cb >> SCALE, 0, 255);
        }
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << SCALE) + 0.5);
    }
}
