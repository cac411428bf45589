package konsil.media.slide;

import java.util.List;
import java.util.OptionalDouble;
import konsil.media.Raster;

/** A slide in a TIFF file. */
final class TiffSlide implements Slide {
    private final SlideBytes file;
    private final SlideParts parts;
    private final List<Level> levels;
    private final TileRegions regions;

    TiffSlide(SlideBytes file, SlideParts parts, SlideSettings settings) {
        this.file = file;
        this.parts = parts;
        TiffPicture largest = parts.levels().getFirst();
        levels = parts.levels().stream().map(p -> level(largest, p)).toList();
        regions = new TileRegions(file.name(), settings);
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
        return regions.region(picture, level, x, y, width, height);
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
                return regions.whole(picture);
            }
        }
        throw file.bad("the slide has no picture of that name beside it; want one of "
                + parts.associated().stream().map(SlideParts.Beside::name).toList());
    }

    /** Bytes of tiles that are kept at the moment. */
    long cachedBytes() {
        return regions.cachedBytes();
    }

    @Override
    public void close() {
        file.close();
    }
}
