package konsil.media;

import java.util.Arrays;

/**
 * A picture in 8-bit RGB. Two are equal when they have the same size and samples.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param samples red, green, blue of one pixel after the other, 0..255, row by row from the top left; 3 * width *
 *     height bytes, neither copied nor changed from here on
 */
public record Raster(int width, int height, byte[] samples) {
    static final int CHANNELS = 3;

    /** Pixels whose samples still fit an array. */
    static final int MAX_PIXELS = (Integer.MAX_VALUE - 8) / CHANNELS;

    public Raster {
        if (width < 1 || height < 1 || samples.length != 3L * width * height) {
            throw new IllegalArgumentException("raster: want 3 * width * height samples, got %d for %d x %d"
                    .formatted(samples.length, width, height));
        }
    }

    /** @throws IllegalArgumentException when there is no pixel, or more than fit an array */
    static byte[] room(int width, int height) {
        if (width < 1 || height < 1 || (long) width * height > MAX_PIXELS) {
            throw new IllegalArgumentException(
                    "raster: want 1 to %d pixels, got %d x %d".formatted(MAX_PIXELS, width, height));
        }
        return new byte[CHANNELS * width * height];
    }

    /**
     * A part of the picture.
     *
     * @param x left edge, in pixels from the left
     * @param y upper edge, in pixels from the top
     * @throws IndexOutOfBoundsException when the part is empty or reaches beyond the picture
     */
    public Raster crop(int x, int y, int cropWidth, int cropHeight) {
        if (x < 0 || y < 0 || cropWidth < 1 || cropHeight < 1 || x > width - cropWidth || y > height - cropHeight) {
            throw new IndexOutOfBoundsException("crop: %d x %d at %d, %d reaches beyond %d x %d"
                    .formatted(cropWidth, cropHeight, x, y, width, height));
        }
        byte[] part = room(cropWidth, cropHeight);
        for (int row = 0; row < cropHeight; row++) {
            int from = CHANNELS * ((y + row) * width + x);
            System.arraycopy(samples, from, part, CHANNELS * row * cropWidth, CHANNELS * cropWidth);
        }
        return new Raster(cropWidth, cropHeight, part);
    }

    /**
     * The picture in the middle of a black square as wide as its longer side; where the border is odd, the wider half
     * is right or below. This is how MedGemma's images were prepared in training, and what its boxes refer to.
     */
    public Raster paddedToSquare() {
        if (width == height) {
            return this;
        }
        int side = Math.max(width, height);
        byte[] square = room(side, side);
        int left = (side - width) / 2;
        int top = (side - height) / 2;
        for (int y = 0; y < height; y++) {
            int to = CHANNELS * ((top + y) * side + left);
            System.arraycopy(samples, CHANNELS * y * width, square, to, CHANNELS * width);
        }
        return new Raster(side, side, square);
    }

    /**
     * The picture at another size, aspect ratio ignored: bilinear interpolation, widened to the scale when shrinking,
     * bit for bit what Pillow's {@code resize(size, BILINEAR)} gives.
     */
    public Raster resized(int newWidth, int newHeight) {
        return BilinearResize.resize(this, newWidth, newHeight);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Raster(int w, int h, byte[] s)
                && width == w
                && height == h
                && Arrays.equals(samples, s);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(samples);
    }

    /** The size; no samples. */
    @Override
    public String toString() {
        return "Raster[%d x %d]".formatted(width, height);
    }
}
