package konsil.media.slide;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import konsil.media.BadMediaException;
import konsil.media.Raster;
import konsil.media.dicom.DataSet;
import konsil.media.dicom.DicomFile;
import konsil.media.dicom.FramePicture;
import konsil.media.dicom.PixelData;
import konsil.media.dicom.PixelLayout;
import konsil.media.dicom.Tag;

/**
 * One picture of a DICOM slide: a level, or a picture beside it (PS3.3 section C.8.12.4). Its frames are tiles, whose
 * places follow from their numbers (TILED_FULL) or stand with each of them (TILED_SPARSE). Of several focal planes or
 * optical paths the first is taken.
 */
final class DicomPicture implements TilePicture {
    private static final int MOST_SIDE = 1 << 30;

    private final DicomFile file;
    private final PixelData pixels;
    private final Grid grid;
    private final int firstFrame;

    /** Frames by their places, for tiles that tell them. */
    private final Optional<Map<Long, Integer>> places;

    private DicomPicture(DicomFile file, PixelData pixels, Grid grid) {
        this.file = file;
        this.pixels = pixels;
        this.grid = grid;
        DataSet image = file.dataSet();
        firstFrame = image.integer(Tag.CONCATENATION_FRAME_OFFSET_NUMBER).orElse(0);
        List<DataSet> groups = image.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        boolean full = image.text(Tag.DIMENSION_ORGANIZATION_TYPE).orElse("").equals("TILED_FULL")
                || groups.stream().noneMatch(group -> group.has(Tag.PLANE_POSITION_SLIDE_SEQUENCE));
        places = full ? Optional.empty() : Optional.of(places(groups));
    }

    /** @throws BadMediaException when it has no pixels, no size, or samples that are no colours */
    static DicomPicture of(DicomFile file) {
        PixelData pixels = file.pixels();
        PixelLayout layout = pixels.layout();
        boolean levels = layout.bitsStored() == 8
                && !layout.signed()
                && (layout.samplesPerPixel() == 3
                        || layout.samplesPerPixel() == 1 && layout.photometric().equals("MONOCHROME2"));
        if (!levels) {
            throw new BadMediaException(
                    file.name(),
                    "a slide of %d samples with %d bits (%s) is not shown, want colours or grey of 8 bits"
                            .formatted(layout.samplesPerPixel(), layout.bitsStored(), layout.photometric()));
        }
        int width = side(file, Tag.TOTAL_PIXEL_MATRIX_COLUMNS, layout.columns());
        int height = side(file, Tag.TOTAL_PIXEL_MATRIX_ROWS, layout.rows());
        return new DicomPicture(file, pixels, new Grid(width, height, layout.columns(), layout.rows()));
    }

    private static int side(DicomFile file, int tag, int otherwise) {
        OptionalInt found = file.dataSet().integer(tag);
        if (found.isPresent() && (found.getAsInt() < 1 || found.getAsInt() > MOST_SIDE)) {
            throw new BadMediaException(
                    file.name(), "%s is %d, want 1 to %d".formatted(Tag.show(tag), found.getAsInt(), MOST_SIDE));
        }
        return found.orElse(otherwise);
    }

    private Map<Long, Integer> places(List<DataSet> groups) {
        var found = new HashMap<Long, Integer>();
        for (int i = 0; i < Math.min(groups.size(), pixels.frames()); i++) {
            Optional<DataSet> place = groups.get(i).item(Tag.PLANE_POSITION_SLIDE_SEQUENCE);
            int x = place.map(p -> p.integer(Tag.COLUMN_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX)
                                    .orElse(0))
                            .orElse(0)
                    - 1;
            int y = place.map(p -> p.integer(Tag.ROW_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX)
                                    .orElse(0))
                            .orElse(0)
                    - 1;
            if (x < 0 || y < 0 || x % grid.tileWidth() != 0 || y % grid.tileHeight() != 0) {
                throw new BadMediaException(
                        file.name(),
                        "frame %d of the slide lies beside the grid of its tiles of %d x %d pixels; such tiles are not"
                                        .formatted(i + 1, grid.tileWidth(), grid.tileHeight())
                                + " put together");
            }
            found.putIfAbsent(key(x / grid.tileWidth(), y / grid.tileHeight()), i);
        }
        return found;
    }

    private static long key(int column, int row) {
        return (long) row << 32 | column;
    }

    @Override
    public Grid grid() {
        return grid;
    }

    @Override
    public Optional<Raster> tile(int column, int row) {
        long full = (long) row * Math.ceilDiv(grid.width(), grid.tileWidth()) + column - firstFrame;
        long frame = places.map(known -> (long) known.getOrDefault(key(column, row), -1))
                .orElse(full);
        if (frame < 0 || frame >= pixels.frames()) {
            return Optional.empty();
        }
        return Optional.of(FramePicture.ofLevels(file, pixels.frame((int) frame)));
    }

    /** Micrometres from pixel to pixel, if the file says so. */
    OptionalDouble micrometresPerPixel() {
        DataSet image = file.dataSet();
        var spacing = image.item(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE)
                .flatMap(shared -> shared.item(Tag.PIXEL_MEASURES_SEQUENCE))
                .map(measures -> measures.numbers(Tag.PIXEL_SPACING))
                .filter(values -> values.length >= 2);
        if (spacing.isPresent()) {
            return SlideParts.plausible(OptionalDouble.of(
                    Arrays.stream(spacing.get()).limit(2).average().orElseThrow() * 1000));
        }
        OptionalDouble width = image.number(Tag.IMAGED_VOLUME_WIDTH);
        return width.isPresent()
                ? SlideParts.plausible(OptionalDouble.of(width.getAsDouble() * 1000 / grid.width()))
                : width;
    }

    /** Magnification of the objective, if the file says so. */
    OptionalDouble objectivePower() {
        return file.dataSet().items(Tag.OPTICAL_PATH_SEQUENCE).stream()
                .flatMapToDouble(path -> path.number(Tag.OBJECTIVE_LENS_POWER).stream())
                .filter(power -> power > 0)
                .findFirst();
    }

    DicomFile file() {
        return file;
    }
}
