package konsil.media.codec;

/**
 * The reference grid of a JPEG 2000 picture (ITU-T T.800 section A.5.1).
 *
 * @param x0 left edge of the picture, with y0, x1, y1
 * @param tileX left edge of the first tile, with tileY
 * @param depths bits of each component
 * @param dx columns of the grid for each sample, with dy
 */
record J2kSize(
        int x0,
        int y0,
        int x1,
        int y1,
        int tileWidth,
        int tileHeight,
        int tileX,
        int tileY,
        int[] depths,
        boolean[] signed,
        int[] dx,
        int[] dy) {
    static J2kSize read(Codestream stream, int at) {
        int count = stream.u16(at + 34);
        if (count < 1 || count > 4) {
            throw stream.bad("the JPEG 2000 picture has %d components, want 1 to 4".formatted(count));
        }
        int[] grid = new int[8];
        for (int i = 0; i < 8; i++) {
            long value = stream.u32(at + 2 + 4 * i);
            if (value > Integer.MAX_VALUE / 2) {
                value = i == 4 || i == 5 ? Integer.MAX_VALUE / 2 : -1;
            }
            grid[i] = (int) value;
        }
        var size = new J2kSize(
                grid[2],
                grid[3],
                grid[0],
                grid[1],
                grid[4],
                grid[5],
                grid[6],
                grid[7],
                new int[count],
                new boolean[count],
                new int[count],
                new int[count]);
        for (int i = 0; i < count; i++) {
            int depth = stream.u8(at + 36 + 3 * i);
            size.depths[i] = (depth & 0x7F) + 1;
            size.signed[i] = depth > 0x7F;
            size.dx[i] = stream.u8(at + 37 + 3 * i);
            size.dy[i] = stream.u8(at + 38 + 3 * i);
        }
        size.check(stream);
        return size;
    }

    private void check(Codestream stream) {
        boolean possible = x0 >= 0
                && y0 >= 0
                && x1 > x0
                && y1 > y0
                && tileX >= 0
                && tileY >= 0
                && tileX <= x0
                && tileY <= y0
                && tileWidth > 0
                && tileHeight > 0
                && (long) tileX + tileWidth > x0
                && (long) tileY + tileHeight > y0;
        for (int i = 0; i < depths.length; i++) {
            possible &= dx[i] > 0 && dy[i] > 0;
            if (depths[i] > 16) {
                throw stream.bad("the JPEG 2000 picture has %d bits, want at most 16".formatted(depths[i]));
            }
        }
        if (!possible || (long) tilesAcross() * tilesDown() > 65_535) {
            throw stream.bad("the size of the JPEG 2000 picture or of its tiles is impossible");
        }
        stream.requireSize(x1 - x0, y1 - y0, depths.length);
    }

    int tilesAcross() {
        return Math.ceilDiv(x1 - tileX, tileWidth);
    }

    int tilesDown() {
        return Math.ceilDiv(y1 - tileY, tileHeight);
    }

    /** Left, upper, right, lower edge of a tile on the grid. */
    int[] tile(int index) {
        int column = index % tilesAcross();
        int row = index / tilesAcross();
        long left = tileX + (long) column * tileWidth;
        long top = tileY + (long) row * tileHeight;
        return new int[] {
            (int) Math.max(left, x0),
            (int) Math.max(top, y0),
            (int) Math.min(left + tileWidth, x1),
            (int) Math.min(top + tileHeight, y1)
        };
    }
}
