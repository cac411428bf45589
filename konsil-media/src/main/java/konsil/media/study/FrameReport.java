package konsil.media.study;

/**
 * What frames hold, to be compared with other programs; {@link PixelTotals} makes it.
 *
 * @param min smallest stored value, before any rescale
 * @param max largest
 * @param mean of all samples
 * @param sha256 of the stored words: little endian, as wide as they are allocated, samples of a pixel next to each
 *     other; in hex
 */
public record FrameReport(double min, double max, double mean, String sha256) {}
