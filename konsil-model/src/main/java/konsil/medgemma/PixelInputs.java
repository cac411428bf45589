package konsil.medgemma;

import java.util.ArrayList;
import java.util.List;
import konsil.media.Raster;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;

/**
 * Pictures as the vision tower takes them: to the bit what transformers' Gemma3ImageProcessorPil gives (its default
 * twin on torchvision rounds the resized levels differently, by one of 255 at most). For any number of threads.
 */
public final class PixelInputs {
    private static final int CHANNELS = 3;
    private static final int LEVELS = 256;

    private final PixelSettings settings;
    private final float[] values;

    public PixelInputs(PixelSettings settings) {
        this.settings = settings;
        this.values = new float[CHANNELS * LEVELS];
        for (int channel = 0; channel < CHANNELS; channel++) {
            float mean = settings.mean().get(channel).floatValue();
            float std = settings.std().get(channel).floatValue();
            for (int level = 0; level < LEVELS; level++) {
                // The product in double, rounded to f32; difference and quotient in f32, each rounded (numpy).
                float rescaled = (float) (level * settings.rescaleFactor());
                values[channel * LEVELS + level] = (rescaled - mean) / std;
            }
        }
    }

    public PixelSettings settings() {
        return settings;
    }

    private Raster framed(Raster picture) {
        return switch (settings.framing()) {
            case STRETCHED -> picture;
            case PADDED -> picture.paddedToSquare();
        };
    }

    /** How many rasters {@link #views} gives. */
    public int viewCount(Raster picture) {
        return 1
                + settings.panAndScan()
                        .map(scan -> scan.crops(framed(picture)).size())
                        .orElse(0);
    }

    /**
     * What the model gets to see of a picture: the picture, framed and resized; with pan and scan its parts after it.
     *
     * @return at least one raster, each of the size that the tower takes
     */
    public List<Raster> views(Raster picture) {
        Raster framed = framed(picture);
        var views = new ArrayList<Raster>();
        views.add(framed.resized(settings.width(), settings.height()));
        settings.panAndScan().ifPresent(scan -> {
            for (Raster crop : scan.crops(framed)) {
                views.add(crop.resized(settings.width(), settings.height()));
            }
        });
        return views;
    }

    /**
     * The numbers of a view.
     *
     * @param view one of {@link #views}
     * @return (3, height, width), row-major
     */
    public float[] values(Raster view) {
        if (view.width() != settings.width() || view.height() != settings.height()) {
            throw new IllegalArgumentException("pixels: want a view of %d x %d, got %d x %d"
                    .formatted(settings.width(), settings.height(), view.width(), view.height()));
        }
        byte[] samples = view.samples();
        int plane = view.width() * view.height();
        float[] out = new float[CHANNELS * plane];
        for (int channel = 0; channel < CHANNELS; channel++) {
            for (int i = 0; i < plane; i++) {
                out[channel * plane + i] = values[channel * LEVELS + (samples[CHANNELS * i + channel] & 0xFF)];
            }
        }
        return out;
    }

    /**
     * The numbers of a view as a tensor of a step.
     *
     * @return f32 (3, height, width)
     */
    public Tensor tensor(Workspace space, Raster view) {
        Tensor tensor = space.tensor(CHANNELS, settings.height(), settings.width());
        tensor.copyFrom(values(view));
        return tensor;
    }
}
