package konsil.media;

import java.util.Objects;
import java.util.Optional;

/**
 * How image files are read.
 *
 * @param rotation whether a picture is turned as its Exif orientation says
 * @param deepGrey what happens to grey values beyond 8 bits
 * @param maxPixels width times height that is still read, at most 715,827,879; nothing is allocated before this check
 */
public record ImageSettings(Rotation rotation, DeepGrey deepGrey, long maxPixels) {
    /** Enough for every camera and film scanner; at most 0.3 GB of samples, and up to four times that while reading. */
    public static final long DEFAULT_MAX_PIXELS = 100_000_000;

    /** Exif orientation. The orientation of a TIFF is a part of its format and always followed, as Pillow does. */
    public enum Rotation {
        /** Ignored, as by Pillow's {@code Image.open}. */
        AS_STORED,
        /** Followed, as by transformers' {@code load_image}, so that a photograph stands as it was seen. */
        UPRIGHT
    }

    /** Grey images of 16 or 32 bits or floating point, of which 8 bits must be made. */
    public enum DeepGrey {
        /**
         * Values below 0 become 0, values above 255 become 255: what Pillow does. Most of a 12-bit X-ray turns white.
         */
        CLIP,
        /**
         * If a value is outside 0..255, the smallest becomes 0, the largest 255, and those between are spread evenly.
         */
        STRETCH,
        /** If a value is outside 0..255, the file is refused with a message that says so. */
        REFUSE
    }

    public ImageSettings {
        Objects.requireNonNull(rotation);
        Objects.requireNonNull(deepGrey);
        if (maxPixels < 1 || maxPixels > Raster.MAX_PIXELS) {
            throw new IllegalArgumentException(
                    "images: want a limit of 1 to %d pixels, got %d".formatted(Raster.MAX_PIXELS, maxPixels));
        }
    }

    /** What {@code Image.open(file).convert("RGB")} of Pillow gives. */
    public static ImageSettings pillow() {
        return new ImageSettings(Rotation.AS_STORED, DeepGrey.CLIP, DEFAULT_MAX_PIXELS);
    }

    /** For people's own files: upright, and refused rather than cut to white. */
    public static ImageSettings careful() {
        return new ImageSettings(Rotation.UPRIGHT, DeepGrey.REFUSE, DEFAULT_MAX_PIXELS);
    }

    /** The picture as these settings want it turned. */
    Raster turned(Raster stored, Optional<Orientation> exif) {
        return rotation == Rotation.UPRIGHT && exif.isPresent() ? exif.get().upright(stored) : stored;
    }
}
