package konsil.media.slide;

import java.util.Arrays;
import java.util.Optional;
import konsil.media.BadMediaException;
import konsil.media.Raster;

/** Parts of pictures, put together from their tiles. For any number of threads. */
final class TileRegions {
    private final String name;
    private final SlideSettings settings;
    private final TileCache cache;

    /** @param name what to call the slide in messages */
    TileRegions(String name, SlideSettings settings) {
        this.name = name;
        this.settings = settings;
        cache = new TileCache(settings.cacheBytes());
    }

    /** Bytes of tiles that are kept at the moment. */
    long cachedBytes() {
        return cache.bytes();
    }

    /** All of a picture beside the slide, which is not kept. */
    Raster whole(TilePicture picture) {
        return region(picture, -1, 0, 0, picture.grid().width(), picture.grid().height());
    }

    /**
     * @param level number by which tiles are kept; none are of a negative one
     * @throws BadMediaException when the part is empty or too large, or the file is damaged there
     */
    Raster region(TilePicture picture, int level, long x, long y, int width, int height) {
        if (width < 1 || height < 1 || (long) width * height > settings.maxRegionPixels()) {
            throw new BadMediaException(
                    name,
                    "want a region of 1 to %d pixels, got %d x %d"
                            .formatted(settings.maxRegionPixels(), width, height));
        }
        if (Math.abs(x) > Integer.MAX_VALUE || Math.abs(y) > Integer.MAX_VALUE) {
            throw new BadMediaException(name, "a region at %d, %d is nowhere near the slide".formatted(x, y));
        }
        byte[] samples = new byte[3 * width * height];
        Arrays.fill(samples, (byte) 255);
        var target = new Target((int) x, (int) y, width, height, samples);
        var grid = picture.grid();
        int firstColumn = Math.max(0, (int) x) / grid.tileWidth();
        int firstRow = Math.max(0, (int) y) / grid.tileHeight();
        long right = Math.min(grid.width(), x + width);
        long bottom = Math.min(grid.height(), y + height);
        for (int row = firstRow; (long) row * grid.tileHeight() < bottom; row++) {
            for (int column = firstColumn; (long) column * grid.tileWidth() < right; column++) {
                target.draw(grid, column, row, tile(picture, level, column, row));
            }
        }
        return new Raster(width, height, samples);
    }

    private Optional<Raster> tile(TilePicture picture, int level, int column, int row) {
        return level < 0
                ? picture.tile(column, row)
                : cache.tile(new TileCache.Key(level, column, row), () -> picture.tile(column, row));
    }

    /** Where the parts of tiles go. */
    private record Target(int x, int y, int width, int height, byte[] samples) {
        void draw(TilePicture.Grid grid, int column, int row, Optional<Raster> tile) {
            if (tile.isEmpty()) {
                return;
            }
            int left = column * grid.tileWidth();
            int top = row * grid.tileHeight();
            int fromX = Math.max(x, left);
            int toX = (int) Math.min(Math.min((long) x + width, grid.width()), (long) left + grid.tileWidth());
            int fromY = Math.max(y, top);
            int toY = (int) Math.min(Math.min((long) y + height, grid.height()), (long) top + grid.tileHeight());
            byte[] stored = tile.get().samples();
            int stride = tile.get().width();
            for (int line = fromY; line < toY && toX > fromX; line++) {
                int from = 3 * ((line - top) * stride + fromX - left);
                int to = 3 * ((line - y) * width + fromX - x);
                System.arraycopy(stored, from, samples, to, 3 * (toX - fromX));
            }
        }
    }
}
