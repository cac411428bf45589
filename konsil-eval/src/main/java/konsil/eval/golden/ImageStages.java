package konsil.eval.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import konsil.medgemma.Runner;
import konsil.medgemma.SoftTokens;

/** The vision tower and its projector. Every image is encoded once, however often it comes. */
final class ImageStages {
    private final Runner runner;
    private final PixelStage pixels;
    private final Judge judge;
    private final Map<String, SoftTokens> encoded = new HashMap<>();

    ImageStages(Runner runner, PixelStage pixels, Judge judge) {
        this.runner = runner;
        this.pixels = pixels;
        this.judge = judge;
    }

    /** Soft tokens of all images of a case whose pixels are known. */
    List<SoftTokens> images(GoldenCase c) throws IOException {
        var images = new ArrayList<SoftTokens>();
        for (String image : c.images()) {
            var soft = encoded.get(image);
            if (soft == null) {
                soft = runner.encode(pixels.pixels(image).orElseThrow());
                encoded.put(image, soft);
            }
            images.add(soft);
        }
        return images;
    }

    List<Comparison> compare(GoldenCase c, GoldenValues values) throws IOException {
        var vision = values.of(GemmaStages.VISION);
        var features = values.of(GemmaStages.FEATURES);
        var images = images(c);
        var comparisons = new ArrayList<Comparison>();
        comparisons.add(
                vision.isEmpty()
                        ? Judge.absent(GemmaStages.VISION)
                        : judge.values(GemmaStages.VISION, hidden(c, vision.get().length), vision.get()));
        comparisons.add(Judge.ifThere(
                GemmaStages.FEATURES, features, golden -> judge.values(GemmaStages.FEATURES, joined(images), golden)));
        return comparisons;
    }

    /** Of the first images, as many as the directory has values for. */
    private float[] hidden(GoldenCase c, int length) throws IOException {
        var all = new ArrayList<float[]>();
        long sum = 0;
        for (String image : c.images()) {
            if (sum < length) {
                all.add(runner.visionHidden(pixels.pixels(image).orElseThrow()));
                sum += all.getLast().length;
            }
        }
        return concatenated(all);
    }

    private static float[] joined(List<SoftTokens> images) {
        return concatenated(images.stream().map(SoftTokens::values).toList());
    }

    private static float[] concatenated(List<float[]> parts) {
        var all = new float
                [Math.toIntExact(parts.stream().mapToLong(part -> part.length).sum())];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
