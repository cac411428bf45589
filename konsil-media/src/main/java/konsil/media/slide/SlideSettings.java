package konsil.media.slide;

/**
 * How slides are read.
 *
 * @param cacheBytes unpacked tiles that are kept, in bytes
 * @param maxRegionPixels of one region; no larger one is given
 */
public record SlideSettings(long cacheBytes, long maxRegionPixels) {
    /** 64 MB of tiles, regions up to 8192 x 8192. */
    public static final SlideSettings DEFAULT = new SlideSettings(64L << 20, 1L << 26);

    public SlideSettings {
        if (cacheBytes < 0 || maxRegionPixels < 1 || maxRegionPixels > Integer.MAX_VALUE / 4) {
            throw new IllegalArgumentException(
                    "slides: want a cache of at least 0 bytes and regions of at least 1 pixel, got %d and %d"
                            .formatted(cacheBytes, maxRegionPixels));
        }
    }
}
