package konsil.media.slide;

import java.util.Arrays;
import java.util.Optional;
import konsil.media.Raster;

/**
 * One picture of a TIFF file, cut into tiles or strips; a strip is a tile as wide as the picture. Sizes are checked
 * when it is made, before anything of that size is allocated.
 */
final class TiffPicture implements TilePicture {
    private static final int WHITE_IS_ZERO = 0;
    private static final int BLACK_IS_ZERO = 1;
    private static final int RGB = 2;
    private static final int YCC = 6;
    private static final int MOST_TILE_PIXELS = 1 << 25;
    private static final int SLACK = 1 << 20;

    private final TiffDirectory directory;
    private final Packing packing;
    private final int photometric;
    private final int samples;
    final boolean tiled;
    final int width;
    final int height;
    final int tileWidth;
    final int tileHeight;

    /** @throws konsil.media.BadMediaException when its sizes or samples are not read */
    TiffPicture(TiffDirectory directory) {
        this.directory = directory;
        packing = Packing.of(directory.first(TiffDirectory.COMPRESSION, 1));
        photometric = (int) Math.min(directory.first(TiffDirectory.PHOTOMETRIC, -1), 99);
        samples = (int) Math.min(directory.first(TiffDirectory.SAMPLES, 1), 99);
        tiled = isTiled(directory);
        width = size(TiffDirectory.WIDTH);
        height = size(TiffDirectory.HEIGHT);
        tileWidth = tiled ? size(TiffDirectory.TILE_WIDTH) : width;
        tileHeight = tiled
                ? size(TiffDirectory.TILE_HEIGHT)
                : (int) Math.min(height, Math.max(1, directory.first(TiffDirectory.ROWS_PER_STRIP, height)));
        requireSamples();
        requireTiles();
    }

    static boolean isTiled(TiffDirectory directory) {
        return directory.has(TiffDirectory.TILE_WIDTH);
    }

    private SlideBytes file() {
        return directory.file();
    }

    private int size(int tag) {
        long size = directory.first(tag, 0);
        if (size < 1 || size > 1 << 30) {
            throw file().bad("field %d of the TIFF is %d, want a size of 1 to %d".formatted(tag, size, 1 << 30));
        }
        return (int) size;
    }

    private void requireSamples() {
        for (long i = 0; i < Math.min(samples, directory.count(TiffDirectory.BITS)); i++) {
            if (directory.number(TiffDirectory.BITS, i) != 8) {
                throw file().bad("samples of %d bits are not read in slides, want 8"
                        .formatted(directory.number(TiffDirectory.BITS, i)));
            }
        }
        boolean whole = directory.first(TiffDirectory.SAMPLE_FORMAT, 1) == 1 && directory.has(TiffDirectory.BITS);
        boolean colours =
                switch (photometric) {
                    case WHITE_IS_ZERO, BLACK_IS_ZERO -> samples >= 1 && !packing.isJpeg2000();
                    case RGB -> samples >= 3;
                    case YCC -> samples == 3 && !packing.isBytes();
                    default -> false;
                };
        boolean apart = directory.first(TiffDirectory.PLANAR, 1) == 2 && samples > 1;
        if (!whole || !colours || samples > 8 || apart) {
            throw file().bad("a slide with photometric interpretation %d and %d samples%s is not read"
                    .formatted(photometric, samples, apart ? " in planes" : ""));
        }
        if (packing == Packing.UNKNOWN || packing == Packing.OLD_JPEG) {
            throw file().bad("a slide with compression %d is not read"
                    .formatted(directory.first(TiffDirectory.COMPRESSION, 1)));
        }
        long predictor = directory.first(TiffDirectory.PREDICTOR, 1);
        if (packing.isBytes() && predictor != 1 && predictor != 2) {
            throw file().bad("a slide with predictor %d is not read".formatted(predictor));
        }
    }

    private void requireTiles() {
        if ((long) tileWidth * tileHeight > MOST_TILE_PIXELS) {
            throw file().bad("a tile or strip has %d x %d pixels, want at most %d; save the slide with tiles"
                    .formatted(tileWidth, tileHeight, MOST_TILE_PIXELS));
        }
        long tiles = (long) Math.ceilDiv(width, tileWidth) * Math.ceilDiv(height, tileHeight);
        long places = directory.count(tiled ? TiffDirectory.TILE_OFFSETS : TiffDirectory.STRIP_OFFSETS);
        long sizes = directory.count(tiled ? TiffDirectory.TILE_BYTES : TiffDirectory.STRIP_BYTES);
        if (places < tiles || sizes < tiles) {
            throw file().bad("the TIFF has %d tiles, want %d".formatted(Math.min(places, sizes), tiles));
        }
    }

    int tilesAcross() {
        return Math.ceilDiv(width, tileWidth);
    }

    @Override
    public Grid grid() {
        return new Grid(width, height, tileWidth, tileHeight);
    }

    @Override
    public Optional<Raster> tile(int column, int row) {
        long index = (long) row * tilesAcross() + column;
        long at = directory.number(tiled ? TiffDirectory.TILE_OFFSETS : TiffDirectory.STRIP_OFFSETS, index);
        long bytes = directory.number(tiled ? TiffDirectory.TILE_BYTES : TiffDirectory.STRIP_BYTES, index);
        if (bytes == 0) {
            return Optional.empty();
        }
        if (bytes < 0 || bytes > 2L * samples * tileWidth * tileHeight + SLACK) {
            throw file().bad("a tile of %d x %d pixels has %d bytes".formatted(tileWidth, tileHeight, bytes));
        }
        byte[] packed = file().read(at, (int) bytes, "a tile").array();
        int rows = tiled ? tileHeight : Math.min(tileHeight, height - row * tileHeight);
        return Optional.of(unpacked(packed, rows));
    }

    private Raster unpacked(byte[] packed, int rows) {
        if (packing == Packing.JPEG) {
            byte[] tables = directory.bytes(TiffDirectory.JPEG_TABLES);
            Raster tile = JpegTile.decode(file(), tables, packed, photometric == RGB, (long) tileWidth * tileHeight);
            if (tile.width() < tileWidth || tile.height() < rows) {
                throw file().bad("a JPEG of %d x %d pixels is in the place of a tile of %d x %d"
                        .formatted(tile.width(), tile.height(), tileWidth, rows));
            }
            return tile;
        }
        if (packing.isJpeg2000()) {
            var size = new int[] {tileWidth, rows};
            return Jpeg2000Tile.decode(file(), packed, packing, photometric == YCC, size);
        }
        int stride = Math.multiplyExact(samples, tileWidth);
        byte[] stored = packing.unpack(file(), packed, Math.multiplyExact(stride, rows));
        if (directory.first(TiffDirectory.PREDICTOR, 1) == 2 && packing != Packing.NONE) {
            SampleColours.addUp(stored, stride, samples);
        }
        byte[] colours = SampleColours.rgb(stored, samples, tileWidth * rows, photometric == WHITE_IS_ZERO);
        return new Raster(
                tileWidth,
                rows,
                colours.length == 3 * tileWidth * rows ? colours : Arrays.copyOf(colours, 3 * tileWidth * rows));
    }
}
