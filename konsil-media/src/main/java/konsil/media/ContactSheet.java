package konsil.media;

import java.util.function.IntFunction;

/**
 * Many pictures on one, in rows, each with a short label below: to see at a glance what a model was shown.
 *
 * @param columns pictures in a row
 * @param side pixels of the square that each is fitted into
 * @param scale size of the labels, see {@link Canvas#text}
 */
public record ContactSheet(int columns, int side, int scale) {
    private static final int GAP = 4;
    private static final int GREY = 0x303030;
    private static final int WHITE = 0xFFFFFF;
    private static final long MOST_PIXELS = 100_000_000;

    public ContactSheet {
        if (columns < 1 || side < 8 || scale < 1) {
            throw new IllegalArgumentException(
                    "contact sheet: want at least 1 column, 8 pixels a picture and a scale of 1, got %d, %d, %d"
                            .formatted(columns, side, scale));
        }
    }

    /** As many columns as make it about square, 160 pixels a picture. */
    public static ContactSheet of(int count) {
        return new ContactSheet(Math.max(1, (int) Math.ceil(Math.sqrt(count))), 160, 2);
    }

    /**
     * Draws the sheet; pictures are asked for one at a time.
     *
     * @throws BadMediaException when it would have more than 100 million pixels
     */
    public Raster draw(int count, IntFunction<Raster> picture, IntFunction<String> label) {
        int across = Math.min(columns, Math.max(1, count));
        int down = Math.ceilDiv(Math.max(1, count), across);
        long width = (long) across * (side + GAP) + GAP;
        long height = (long) down * (side + Canvas.textHeight(scale) + GAP) + GAP;
        if (width * height > MOST_PIXELS) {
            throw new BadMediaException(
                    "contact sheet", "%d pictures of %d pixels are too large together".formatted(count, side));
        }
        var canvas = Canvas.of((int) width, (int) height, GREY);
        for (int i = 0; i < count; i++) {
            int x = GAP + i % across * (side + GAP);
            int y = GAP + i / across * (side + Canvas.textHeight(scale) + GAP);
            Raster fitted = fitted(picture.apply(i));
            canvas.picture(x + (side - fitted.width()) / 2, y + (side - fitted.height()) / 2, fitted);
            canvas.text(x, y + side, shortened(label.apply(i)), scale, WHITE);
        }
        return canvas.raster();
    }

    /** As large as fits, the sides in their ratio. */
    private Raster fitted(Raster picture) {
        double factor = (double) side / Math.max(picture.width(), picture.height());
        int width = Math.clamp(Math.round(factor * picture.width()), 1, side);
        int height = Math.clamp(Math.round(factor * picture.height()), 1, side);
        return picture.resized(width, height);
    }

    private String shortened(String label) {
        int most = Math.max(1, (side / scale - 1) / BitmapFont.ADVANCE);
        return label.length() <= most ? label : label.substring(0, most);
    }
}
