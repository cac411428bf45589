package konsil.media.slide;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import konsil.media.Raster;

/** A slide in a TIFF file. */
final class TiffSlide implements Slide {
    private final SlideBytes file;
    private final SlideParts parts;
    private final SlideSettings settings;
    private final List<Level> levels;
    private final TileCache cache;

    TiffSlide(SlideBytes file, SlideParts parts, SlideSettings settings) {
        this.file = file;
        this.parts = parts;
        this.settings = settings;
        TiffPicture largest = parts.levels().getFirst();
        levels = parts.levels().stream().map(p -> level(largest, p)).toList();
        cache = new TileCache(settings.cacheBytes());
    }

    private static Level level(TiffPicture largest, TiffPicture picture) {
        double across = (double) largest.width / picture.width;
        double down = (double) largest.height / picture.height;
        return new Level(picture.width, picture.height, (across + down) / 2);
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public List<Level> levels() {
        return levels;
    }

    @Override
    public OptionalDouble micrometresPerPixel() {
        return parts.micrometresPerPixel();
    }

    @Override
    public OptionalDouble objectivePower() {
        return parts.objectivePower();
    }

    @Override
    public Raster region(int level, long x, long y, int width, int height) {
        TiffPicture picture = parts.levels().get(level);
        return region(picture, level, x, y, width, height);
    }

    private Raster region(TiffPicture picture, int level, long x, long y, int width, int height) {
        if (width < 1 || height < 1 || (long) width * height > settings.maxRegionPixels()) {
            throw file.bad("want a region of 1 to %d pixels, got %d x %d"
                    .formatted(settings.maxRegionPixels(), width, height));
        }
        if (Math.abs(x) > Integer.MAX_VALUE || Math.abs(y) > Integer.MAX_VALUE) {
            throw file.bad("a region at %d, %d is nowhere near the slide".formatted(x, y));
        }
        byte[] samples = new byte[3 * width * height];
        Arrays.fill(samples, (byte) 255);
        var target = new Target((int) x, (int) y, width, height, samples);
        int firstColumn = Math.max(0, (int) x) / picture.tileWidth;
        int firstRow = Math.max(0, (int) y) / picture.tileHeight;
        long right = Math.min(picture.width, x + width);
        long bottom = Math.min(picture.height, y + height);
        for (int row = firstRow; (long) row * picture.tileHeight < bottom; row++) {
            for (int column = firstColumn; (long) column * picture.tileWidth < right; column++) {
                target.draw(picture, column, row, tile(picture, level, column, row));
            }
        }
        return new Raster(width, height, samples);
    }

    /** @param level a level's number, or a negative one for a picture beside the slide, which is not kept */
    private Optional<Raster> tile(TiffPicture picture, int level, int column, int row) {
        return level < 0
                ? picture.tile(column, row)
                : cache.tile(new TileCache.Key(level, column, row), () -> picture.tile(column, row));
    }

    /** Where the parts of tiles go. */
    private record Target(int x, int y, int width, int height, byte[] samples) {
        void draw(TiffPicture picture, int column, int row, Optional<Raster> tile) {
            if (tile.isEmpty()) {
                return;
            }
            int left = column * picture.tileWidth;
            int top = row * picture.tileHeight;
            int fromX = Math.max(x, left);
            int toX = (int) Math.min(Math.min((long) x + width, picture.width), (long) left + picture.tileWidth);
            int fromY = Math.max(y, top);
            int toY = (int) Math.min(Math.min((long) y + height, picture.height), (long) top + picture.tileHeight);
            byte[] stored = tile.get().samples();
            int stride = tile.get().width();
            for (int line = fromY; line < toY && toX > fromX; line++) {
                int from = 3 * ((line - top) * stride + fromX - left);
                int to = 3 * ((line - y) * width + fromX - x);
                System.arraycopy(stored, from, samples, to, 3 * (toX - fromX));
            }
        }
    }

    @Override
    public List<Associated> associated() {
        return parts.associated().stream()
                .map(a -> new Associated(a.name(), (int) a.directory().first(TiffDirectory.WIDTH, 0), (int)
                        a.directory().first(TiffDirectory.HEIGHT, 0)))
                .toList();
    }

    @Override
    public Raster associated(String name) {
        for (var found : parts.associated()) {
            if (found.name().equals(name)) {
                var picture = new TiffPicture(found.directory());
                return region(picture, -1, 0, 0, picture.width, picture.height);
            }
        }
        throw file.bad("the slide has no picture of that name beside it; want one of "
                + parts.associated().stream().map(SlideParts.Beside::name).toList());
    }

    /** Bytes of tiles that are kept at the moment. */
    long cachedBytes() {
        return cache.bytes();
    }

    @Override
    public void close() {
        file.close();
    }
}
