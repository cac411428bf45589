package konsil.medgemma;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;

/**
 * How pictures become the numbers that the vision tower takes.
 *
 * @param width of what the tower takes, in pixels
 * @param height of what the tower takes, in pixels
 * @param rescaleFactor by which a level of 0..255 is multiplied first
 * @param mean what is subtracted then, for red, green and blue
 * @param std by what is divided last, for red, green and blue
 * @param framing how a picture that is not square is fitted
 * @param panAndScan whether and how long pictures are shown in parts, too
 */
public record PixelSettings(
        int width,
        int height,
        double rescaleFactor,
        List<Double> mean,
        List<Double> std,
        Framing framing,
        Optional<PanAndScan> panAndScan) {
    /** How a picture that is not square is fitted. */
    public enum Framing {
        /** Aspect ratio ignored, as transformers does. */
        STRETCHED,
        /** In the middle of a black square, as in MedGemma's training; boxes in answers refer to this square. */
        PADDED
    }

    private static final int LARGEST_SIDE = 1 << 14;
    private static final List<Double> HALVES = List.of(0.5, 0.5, 0.5);
    private static final int BILINEAR = 2;
    private static final String PROCESSOR = "Gemma3ImageProcessor";

    /** Keys that are null or say what holds anyway in every file that the reference can use. */
    private static final Set<String> INERT = Set.of(
            "_processor_class",
            "crop_size",
            "default_to_square",
            "device",
            "disable_grouping",
            "do_convert_rgb",
            "image_seq_length",
            "input_data_format",
            "pad_size",
            "processor_class",
            "return_tensors");

    /** @throws BadInputException when a size or a number cannot be used */
    public PixelSettings {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (width < 1 || height < 1 || width > LARGEST_SIDE || height > LARGEST_SIDE) {
            throw new BadInputException(
                    "size: want 1 to %d pixels on a side, got %d x %d".formatted(LARGEST_SIDE, width, height));
        }
        if (mean.size() != 3 || std.size() != 3 || std.contains(0.0)) {
            throw new BadInputException("image_mean, image_std: want three numbers each, none of image_std 0");
        }
    }

    /** What every published Gemma 3 has: a square, -1 to 1, stretched, no parts. */
    public static PixelSettings gemma(int side) {
        return new PixelSettings(side, side, 1.0 / 255, HALVES, HALVES, Framing.STRETCHED, Optional.empty());
    }

    /**
     * Reads the settings of a checkpoint, where transformers 5 looks for them: in the part image_processor of
     * processor_config.json, else in preprocessor_config.json. Without either they are those of {@link #gemma}.
     *
     * @param processor processor_config.json, if there is one
     * @param preprocessor preprocessor_config.json, if there is one
     * @param side of the square that the vision tower takes
     * @throws BadFileException when a field is unknown, asks for what is not done here, or does not fit the tower
     */
    public static PixelSettings of(Optional<Fields> processor, Optional<Fields> preprocessor, int side) {
        String nested = "image_processor";
        var fields = processor
                .filter(outer -> outer.has(nested))
                .map(outer -> outer.in(nested))
                .or(() -> preprocessor);
        if (fields.isEmpty()) {
            return gemma(side);
        }
        var settings = read(fields.get());
        if (settings.width != side || settings.height != side) {
            throw fields.get()
                    .wrong(
                            "size",
                            "want the vision tower's %d x %d pixels, got %d x %d"
                                    .formatted(side, side, settings.width, settings.height));
        }
        return settings;
    }

    private static PixelSettings read(Fields f) {
        if (!f.text("image_processor_type", PROCESSOR).startsWith(PROCESSOR)) {
            throw f.wrong("image_processor_type", "want " + PROCESSOR);
        }
        requireFlag(f, "do_resize", true);
        requireFlag(f, "do_rescale", true);
        requireFlag(f, "do_normalize", true);
        requireFlag(f, "do_center_crop", false);
        requireFlag(f, "do_pad", false);
        if (f.whole("resample", BILINEAR) != BILINEAR) {
            throw f.wrong("resample", "want %d, bilinear".formatted(BILINEAR));
        }
        if (!f.text("data_format", "channels_first").equals("channels_first")) {
            throw f.wrong("data_format", "want channels_first");
        }
        var size = f.in("size");
        int width = size.whole("width");
        int height = size.whole("height");
        size.finish(Set.of());
        double factor = f.real("rescale_factor", 1.0 / 255);
        var mean = channels(f, "image_mean");
        var std = channels(f, "image_std");
        var scan = panAndScan(f);
        f.finish(INERT);
        try {
            return new PixelSettings(width, height, factor, mean, std, Framing.STRETCHED, scan);
        } catch (BadInputException e) {
            throw f.wrong("image processor", e.getMessage());
        }
    }

    private static void requireFlag(Fields f, String name, boolean wanted) {
        if (f.flag(name, wanted) != wanted) {
            throw f.wrong(name, "want " + wanted);
        }
    }

    private static List<Double> channels(Fields f, String name) {
        if (!f.has(name)) {
            return HALVES;
        }
        return f.list(name).stream()
                .map(value -> switch (value) {
                    case Json.Real(double real) -> real;
                    case Json.Whole(long whole) -> (double) whole;
                    case Json other -> throw f.wrong(name, "want three numbers, got " + other.kind());
                })
                .toList();
    }

    /** The other fields are read even when it is off, so that they count as known. */
    private static Optional<PanAndScan> panAndScan(Fields f) {
        var standard = PanAndScan.DEFAULT;
        int size = f.whole("pan_and_scan_min_crop_size", standard.minCropSize());
        int crops = f.whole("pan_and_scan_max_num_crops", standard.maxCrops());
        double ratio = f.real("pan_and_scan_min_ratio_to_activate", standard.minRatio());
        return f.flag("do_pan_and_scan", false) ? Optional.of(new PanAndScan(size, crops, ratio)) : Optional.empty();
    }

    /** The same with another framing. */
    public PixelSettings with(Framing other) {
        return new PixelSettings(width, height, rescaleFactor, mean, std, other, panAndScan);
    }

    /** The same with or without pan and scan. */
    public PixelSettings with(Optional<PanAndScan> other) {
        return new PixelSettings(width, height, rescaleFactor, mean, std, framing, other);
    }
}
