package konsil.media;

/**
 * How the stored rows and columns of a picture lie: where its first row and its first column belong (TIFF 6.0, tag 274
 * Orientation, which Exif uses too).
 */
enum Orientation {
    TOP_LEFT(false, false, false),
    TOP_RIGHT(false, true, false),
    BOTTOM_RIGHT(false, true, true),
    BOTTOM_LEFT(false, false, true),
    LEFT_TOP(true, false, false),
    RIGHT_TOP(true, false, true),
    RIGHT_BOTTOM(true, true, true),
    LEFT_BOTTOM(true, true, false);

    /** The number of the tag in TIFF and Exif. */
    static final int TAG = 274;

    private final boolean swapped;
    private final boolean columnsReversed;
    private final boolean rowsReversed;

    Orientation(boolean swapped, boolean columnsReversed, boolean rowsReversed) {
        this.swapped = swapped;
        this.columnsReversed = columnsReversed;
        this.rowsReversed = rowsReversed;
    }

    /** The orientation of a tag's value; values that the standard does not have mean upright, as in Pillow. */
    static Orientation of(long value) {
        return value < 1 || value > values().length ? TOP_LEFT : values()[(int) value - 1];
    }

    /** Turns a picture as it is stored to how it is to be seen. */
    Raster upright(Raster stored) {
        if (this == TOP_LEFT) {
            return stored;
        }
        int width = swapped ? stored.height() : stored.width();
        int height = swapped ? stored.width() : stored.height();
        byte[] from = stored.samples();
        byte[] to = Raster.room(width, height);
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int source = Raster.CHANNELS * source(stored, x, y);
                to[at++] = from[source];
                to[at++] = from[source + 1];
                to[at++] = from[source + 2];
            }
        }
        return new Raster(width, height, to);
    }

    /** Index of the stored pixel that belongs at x, y. */
    private int source(Raster stored, int x, int y) {
        int column = swapped ? y : x;
        int row = swapped ? x : y;
        column = columnsReversed ? stored.width() - 1 - column : column;
        row = rowsReversed ? stored.height() - 1 - row : row;
        return row * stored.width() + column;
    }
}
