package konsil.eval.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import konsil.medgemma.ImageConfig;
import konsil.medgemma.PixelInputs;
import konsil.medgemma.PixelSettings;
import konsil.media.ImageFile;
import konsil.media.ImageSettings;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;

/** The way from a picture's file to the numbers that the vision tower takes. It must be the reference's to the bit. */
final class PixelStage {
    private final GemmaGolden golden;
    private final ImageConfig config;
    private final PixelInputs inputs;
    private final Map<String, Optional<float[]>> own = new HashMap<>();

    PixelStage(GemmaGolden golden, ImageConfig config, Checkpoint model) {
        this.golden = golden;
        this.config = config;
        this.inputs = new PixelInputs(PixelSettings.of(
                model.settings("processor_config.json"),
                model.settings("preprocessor_config.json"),
                config.vision().imageSize()));
    }

    /** What the tower is given: the golden pixels, so that later stages stand alone; else those made here. */
    Optional<float[]> pixels(String image) throws IOException {
        var pixels = golden.pixels(image);
        return pixels.isPresent() ? Optional.of(fitting(image, pixels.get())) : own(image);
    }

    private float[] fitting(String image, float[] pixels) {
        int side = config.vision().imageSize();
        if (pixels.length != 3L * side * side) {
            throw new BadFileException(
                    golden.folder(),
                    image,
                    "want 3 x %d x %d pixel values for this model, got %d".formatted(side, side, pixels.length));
        }
        return pixels;
    }

    private Optional<float[]> own(String image) throws IOException {
        var made = own.get(image);
        if (made == null) {
            var picture = golden.picture(image);
            made = picture.isEmpty()
                    ? Optional.empty()
                    : Optional.of(inputs.values(inputs.views(ImageFile.read(picture.get(), ImageSettings.pillow()))
                            .getFirst()));
            own.put(image, made);
        }
        return made;
    }

    Comparison compare(List<String> images) throws IOException {
        var missing = new ArrayList<String>();
        double worst = 0;
        int others = 0;
        long values = 0;
        for (String image : images.stream().distinct().toList()) {
            var wanted = golden.pixels(image);
            var got = own(image);
            if (wanted.isEmpty() || got.isEmpty()) {
                missing.add(image);
                continue;
            }
            worst = Math.max(worst, Distance.relative(got.get(), wanted.get()));
            others += differing(got.get(), wanted.get());
            values += wanted.get().length;
        }
        if (values == 0) {
            return Comparison.skipped(
                    GemmaStages.PIXELS, missing.isEmpty() ? "no images" : "no pictures in the golden directory");
        }
        String note = "%d of %d values are others".formatted(others, values);
        return Comparison.same(GemmaStages.PIXELS, others == 0, worst, note);
    }

    /** How many are not the same to the bit. */
    private static int differing(float[] got, float[] wanted) {
        int differing = Math.abs(got.length - wanted.length);
        for (int i = 0; i < Math.min(got.length, wanted.length); i++) {
            differing += Float.floatToRawIntBits(got[i]) == Float.floatToRawIntBits(wanted[i]) ? 0 : 1;
        }
        return differing;
    }
}
