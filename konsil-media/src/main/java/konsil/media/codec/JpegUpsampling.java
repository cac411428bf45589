package konsil.media.codec;

/**
 * A component made as large as the picture. Halved colours are weighed with their nearer neighbours, 3 to 1, as libjpeg
 * does; other ratios repeat samples.
 */
final class JpegUpsampling {
    private final short[] plane;
    private final int planeWidth;
    private final int planeHeight;
    private final int width;
    private final int height;
    private final int index;
    private final boolean halfColumns;
    private final boolean halfRows;

    JpegUpsampling(JpegComponent c, short[] plane, int width, int height) {
        this.plane = plane;
        this.planeWidth = c.width();
        this.planeHeight = c.height();
        this.width = width;
        this.height = height;
        this.index = c.index();
        this.halfColumns = planeWidth == (width + 1) / 2 && width > 1 && planeWidth > 2;
        this.halfRows = planeHeight == (height + 1) / 2 && height > 1;
    }

    /** @param count samples of a pixel in the picture */
    void into(short[] out, int count) {
        for (int y = 0; y < height; y++) {
            int to = y * width * count + index;
            if (halfColumns && (halfRows || planeHeight == height)) {
                weighed(y, out, to, count);
            } else if (halfRows && planeWidth == width) {
                weighedRows(y, out, to, count);
            } else {
                int row = (int) ((long) y * planeHeight / height) * planeWidth;
                for (int x = 0; x < width; x++, to += count) {
                    out[to] = plane[row + (int) ((long) x * planeWidth / width)];
                }
            }
        }
    }

    private void weighed(int y, short[] out, int start, int count) {
        int near = halfRows ? y / 2 : y;
        int far = halfRows ? Math.clamp(y % 2 == 0 ? near - 1 : near + 1, 0, planeHeight - 1) : near;
        int bits = halfRows ? 4 : 2;
        // One row: (3a + b + 1 or 2) / 4. Two rows: 3 to 1 in both directions, 8 or 7 added before the division by 16.
        int even = halfRows ? 8 : 1;
        int odd = halfRows ? 7 : 2;
        int to = start;
        for (int x = 0; x < width; x++, to += count) {
            int column = x / 2;
            int other = Math.clamp(x % 2 == 0 ? column - 1 : column + 1, 0, planeWidth - 1);
            int here = sum(near, far, column);
            if (other == column && !halfRows) {
                out[to] = (short) here;
            } else {
                out[to] = (short) (3 * here + sum(near, far, other) + (x % 2 == 0 ? even : odd) >> bits);
            }
        }
    }

    private int sum(int near, int far, int column) {
        int value = plane[near * planeWidth + column];
        return halfRows ? 3 * value + plane[far * planeWidth + column] : value;
    }

    private void weighedRows(int y, short[] out, int start, int count) {
        int near = y / 2;
        int far = Math.clamp(y % 2 == 0 ? near - 1 : near + 1, 0, planeHeight - 1);
        int to = start;
        for (int x = 0; x < width; x++, to += count) {
            int value = 3 * plane[near * planeWidth + x] + plane[far * planeWidth + x];
            out[to] = (short) (value + (y % 2 == 0 ? 1 : 2) >> 2);
        }
    }
}
