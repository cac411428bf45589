package konsil.media;

/** A picture that is drawn on: rectangles, short texts, other pictures. What reaches beyond its edges is cut off. */
public final class Canvas {
    private final int width;
    private final int height;
    private final byte[] samples;

    private Canvas(int width, int height, byte[] samples) {
        this.width = width;
        this.height = height;
        this.samples = samples;
    }

    /** A copy of a picture to draw on. */
    public static Canvas on(Raster picture) {
        return new Canvas(picture.width(), picture.height(), picture.samples().clone());
    }

    /**
     * A picture of one colour.
     *
     * @param rgb red, green and blue as 0xRRGGBB
     */
    public static Canvas of(int width, int height, int rgb) {
        var canvas = new Canvas(width, height, Raster.room(width, height));
        canvas.fill(0, 0, width, height, rgb);
        return canvas;
    }

    /** The picture as it is now. */
    public Raster raster() {
        return new Raster(width, height, samples.clone());
    }

    /** A rectangle, filled. */
    public Canvas fill(int x, int y, int fillWidth, int fillHeight, int rgb) {
        int fromX = Math.clamp(x, 0, width);
        int toX = Math.clamp((long) x + fillWidth, 0, width);
        int fromY = Math.clamp(y, 0, height);
        int toY = Math.clamp((long) y + fillHeight, 0, height);
        for (int row = fromY; row < toY; row++) {
            for (int column = fromX; column < toX; column++) {
                int at = Raster.CHANNELS * (row * width + column);
                samples[at] = (byte) (rgb >> 16);
                samples[at + 1] = (byte) (rgb >> 8);
                samples[at + 2] = (byte) rgb;
            }
        }
        return this;
    }

    /**
     * The outline of a box.
     *
     * @param thickness pixels, to the inside
     */
    public Canvas outline(Box box, int thickness, int rgb) {
        int boxWidth = box.right() - box.left();
        int boxHeight = box.bottom() - box.top();
        int across = Math.min(thickness, boxWidth);
        int down = Math.min(thickness, boxHeight);
        fill(box.left(), box.top(), boxWidth, down, rgb);
        fill(box.left(), box.bottom() - down, boxWidth, down, rgb);
        fill(box.left(), box.top(), across, boxHeight, rgb);
        return fill(box.right() - across, box.top(), across, boxHeight, rgb);
    }

    /**
     * A box of pixels.
     *
     * @param right behind its last column
     * @param bottom behind its last row
     */
    public record Box(int left, int top, int right, int bottom) {}

    /**
     * A text in capitals on a black ground.
     *
     * @param scale pixels of one pixel of the letters, which are five of them high
     */
    public Canvas text(int x, int y, String text, int scale, int rgb) {
        String drawn = BitmapFont.drawable(text);
        fill(x, y, textWidth(drawn, scale), textHeight(scale), 0);
        for (int i = 0; i < drawn.length(); i++) {
            for (int pixel = 0; pixel < BitmapFont.WIDTH * BitmapFont.HEIGHT; pixel++) {
                int column = pixel % BitmapFont.WIDTH;
                int row = pixel / BitmapFont.WIDTH;
                if (BitmapFont.isInk(drawn.charAt(i), column, row)) {
                    int left = x + scale * (1 + i * BitmapFont.ADVANCE + column);
                    fill(left, y + scale * (1 + row), scale, scale, rgb);
                }
            }
        }
        return this;
    }

    /** Pixels that a text takes from left to right. */
    public static int textWidth(String text, int scale) {
        return scale * (1 + BitmapFont.ADVANCE * BitmapFont.drawable(text).length());
    }

    /** Pixels that a text takes from top to bottom. */
    public static int textHeight(int scale) {
        return scale * (BitmapFont.HEIGHT + 2);
    }

    /** Another picture. */
    public Canvas picture(int x, int y, Raster other) {
        int fromX = Math.clamp(x, 0, width);
        int toX = Math.clamp((long) x + other.width(), 0, width);
        int toY = Math.clamp((long) y + other.height(), 0, height);
        for (int row = Math.clamp(y, 0, height); row < toY && fromX < toX; row++) {
            int from = Raster.CHANNELS * ((row - y) * other.width() + fromX - x);
            int to = Raster.CHANNELS * (row * width + fromX);
            System.arraycopy(other.samples(), from, samples, to, Raster.CHANNELS * (toX - fromX));
        }
        return this;
    }
}
