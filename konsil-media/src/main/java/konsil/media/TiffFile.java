package konsil.media;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * The first picture of a TIFF 6.0 file. Which samples there are and what they mean is decided here, from the file's
 * tags; the JDK unpacks them.
 */
final class TiffFile {
    private static final int WHITE_IS_ZERO = 0;
    private static final int BLACK_IS_ZERO = 1;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int CMYK = 5;
    private static final int YCBCR = 6;
    private static final int ASSOCIATED_ALPHA = 1;
    private static final int JPEG = 7;
    private static final int MAX_SAMPLES = 6;

    private final ImageBytes file;
    private final TiffTags tags;
    private final int photometric;
    private final int samples;
    private final int bits;

    private TiffFile(ImageBytes file) {
        this.file = file;
        tags = TiffTags.read(file);
        photometric = (int) tags.first(TiffTags.PHOTOMETRIC, 0);
        samples = (int) Math.min(tags.first(TiffTags.SAMPLES, 1), Integer.MAX_VALUE);
        bits = (int) tags.first(TiffTags.BITS, 1);
    }

    static Raster decode(ImageBytes file, ImageSettings settings) {
        var tiff = new TiffFile(file);
        tiff.requireSizes(settings);
        tiff.requireSamples();
        if (tiff.tags.first(TiffTags.COMPRESSION, 1) == JPEG) {
            tiff.requireJpegSizes();
        }
        BufferedImage image = new JdkReader(file, "tiff").image(file.bytes(), settings);
        return tiff.tags.orientation().upright(tiff.colours(image, settings));
    }

    private void requireSizes(ImageSettings settings) {
        file.requireSize(tags.first(TiffTags.WIDTH, 0), tags.first(TiffTags.HEIGHT, 0), settings);
        if (tags.has(TiffTags.TILE_WIDTH)) {
            file.requireSize(tags.first(TiffTags.TILE_WIDTH, 0), tags.first(TiffTags.TILE_HEIGHT, 0), settings);
        }
        if (!tags.has(TiffTags.STRIP_OFFSETS) && !tags.has(TiffTags.TILE_OFFSETS)) {
            throw file.bad("the TIFF has neither strips nor tiles");
        }
        if (tags.first(TiffTags.ROWS_PER_STRIP, 1) == 0) {
            throw file.bad("the TIFF has strips of no rows");
        }
    }

    /** Only what Pillow reads too, and with the JDK in a way that can be compared. */
    private void requireSamples() {
        long[] each = tags.all(TiffTags.BITS);
        boolean alike = Arrays.stream(each).allMatch(b -> b == bits) && (each.length <= 1 || each.length == samples);
        boolean colours = photometric == RGB && samples >= 3 || photometric == CMYK && samples >= 4;
        boolean depth =
                switch (photometric) {
                    // The JDK turns white-is-zero round whatever its depth, Pillow only up to 8 bits.
                    case WHITE_IS_ZERO -> samples == 1 && bits <= 8 && isGreyDepth();
                    case BLACK_IS_ZERO -> samples == 1 && isGreyDepth() || samples == 2 && bits == 8;
                    case PALETTE -> samples == 1 && bits <= 8;
                    case RGB, CMYK -> colours && samples <= MAX_SAMPLES && (bits == 8 || bits == 16);
                    case YCBCR -> tags.first(TiffTags.COMPRESSION, 1) == JPEG && samples == 3 && bits == 8;
                    default -> false;
                };
        if (!alike || !depth) {
            throw file.bad("a TIFF with photometric interpretation %d and %d samples of %s bits is not read"
                    .formatted(photometric, samples, each.length == 0 ? "1" : Arrays.toString(each)));
        }
        if (bits == 16 && tags.first(TiffTags.PREDICTOR, 1) != 1) {
            throw file.bad("a TIFF of 16 bits with a predictor is not read; save it without predictor or as PNG");
        }
    }

    /** A JPEG inside that is larger than its strip or tile would take memory that nothing else limits. */
    private void requireJpegSizes() {
        boolean tiles = tags.has(TiffTags.TILE_OFFSETS);
        long width = tags.first(tiles ? TiffTags.TILE_WIDTH : TiffTags.WIDTH, 0);
        long height = tiles
                ? tags.first(TiffTags.TILE_HEIGHT, 0)
                : Math.min(tags.first(TiffTags.HEIGHT, 0), tags.first(TiffTags.ROWS_PER_STRIP, Long.MAX_VALUE));
        long[] offsets = tags.all(tiles ? TiffTags.TILE_OFFSETS : TiffTags.STRIP_OFFSETS);
        boolean fit = offsets.length < TiffTags.MAX_KEPT;
        for (int i = 0; i < offsets.length && fit; i++) {
            var frame = JpegFrame.find(file, offsets[i]);
            fit = frame.isRead() && frame.width() <= width && frame.height() <= height;
        }
        if (!fit) {
            throw file.bad("a JPEG inside the TIFF is larger than its strip or tile, or of a kind that is not read");
        }
    }

    private boolean isGreyDepth() {
        return switch ((int) tags.first(TiffTags.SAMPLE_FORMAT, 1)) {
            case 1 -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 32;
            case 2 -> bits == 16 || bits == 32 || bits == 8 && photometric == BLACK_IS_ZERO;
            case 3 -> bits == 32;
            default -> false;
        };
    }

    private Raster colours(BufferedImage image, ImageSettings settings) {
        if (image.getRaster().getNumBands() < samples) {
            throw file.bad("the TIFF data has fewer samples than it says");
        }
        boolean associated = tags.first(TiffTags.EXTRA_SAMPLES, 0) == ASSOCIATED_ALPHA;
        if (photometric == CMYK) {
            return PillowRgb.cmyk(image.getRaster());
        }
        if (photometric == RGB && associated && samples > 3) {
            return PillowRgb.associated(image.getRaster());
        }
        return new PillowRgb(file, settings).of(image);
    }
}
