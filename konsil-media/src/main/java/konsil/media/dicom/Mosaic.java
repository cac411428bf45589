package konsil.media.dicom;

import java.util.Optional;
import konsil.media.Voxels;
import konsil.media.dicom.FrameInfo.Point;
import konsil.media.dicom.FrameInfo.Spacing;

/**
 * Siemens' mosaic: the slices of a volume beside and below each other in one picture, as many in a row as in a column.
 * The position of such a file is that of a picture of the mosaic's size with the same centre as a slice.
 *
 * @param columns of a slice
 * @param rows of a slice
 * @param count of slices
 * @param across slices in a row of the mosaic
 * @param width pixels in a row of the whole picture
 * @param first centre of the first pixel of the first slice
 * @param step from slice to slice, mm
 */
public record Mosaic(int columns, int rows, int count, int across, int width, Point first, Point step) {
    /** Slices of one mosaic; scanners make some hundred at most. */
    public static final int MOST_SLICES = 1024;

    private static final int SIEMENS_COUNT = 0x0019100A;
    private static final double LEAST_ALONG = 0.99;

    /** Whether a picture is a mosaic: its type or the manufacturer's header says so. */
    public static boolean is(DicomFile file, FrameInfo info) {
        return info.sequence().frameType().contains("MOSAIC")
                || CsaHeader.of(file.dataSet()).integer("NumberOfImagesInMosaic") > 1;
    }

    /** The mosaic; none when the file does not say how many slices it has, or which way they follow each other. */
    public static Optional<Mosaic> of(DicomFile file, FrameInfo info, PixelLayout layout) {
        var header = CsaHeader.of(file.dataSet());
        int count = count(file.dataSet(), header);
        int across = (int) Math.ceil(Math.sqrt(count));
        double[] normal = header.numbers("SliceNormalVector");
        double declared = info.spacingBetweenSlices().orElse(0);
        double between = declared > 0 ? declared : info.sliceThickness().orElse(0);
        boolean known = count >= 1
                && count <= MOST_SLICES
                && Math.min(layout.columns(), layout.rows()) >= across
                && normal.length == 3
                && between > 0
                && info.position().isPresent()
                && info.directions().isPresent()
                && info.spacing().isPresent();
        if (!known) {
            return Optional.empty();
        }
        var directions = info.directions().get();
        double along = directions.normal().dot(new Point(normal[0], normal[1], normal[2]));
        if (!(Math.abs(along) > LEAST_ALONG)) {
            return Optional.empty();
        }
        int columns = layout.columns() / across;
        int rows = layout.rows() / across;
        Spacing spacing = info.spacing().get();
        // Where the sides are no multiples, this takes a slice to be a fraction of a pixel wider, as dcm2niix does.
        double share = (1 - 1.0 / across) / 2;
        Point first = info.position()
                .get()
                .plus(directions.row(), spacing.betweenColumns() * layout.columns() * share)
                .plus(directions.column(), spacing.betweenRows() * layout.rows() * share);
        // The header's normal is rounded; it tells the direction, the plane's own normal the exact one.
        Point step = new Point(0, 0, 0).plus(directions.normal(), Math.signum(along) * between);
        return Optional.of(new Mosaic(columns, rows, count, across, layout.columns(), first, step));
    }

    private static int count(DataSet image, CsaHeader header) {
        int count = header.integer("NumberOfImagesInMosaic");
        boolean siemens =
                image.text(SIEMENS_COUNT & 0xFFFF0000 | 0x10).orElse("").startsWith("SIEMENS MR HEADER");
        if (count > 0 || !siemens) {
            return count;
        }
        byte[] stored = image.bytes(SIEMENS_COUNT);
        return stored.length == 2 ? (stored[0] & 0xFF) | (stored[1] & 0xFF) << 8 : 0;
    }

    /** Centre of the first pixel of a slice, counted from 0. */
    public Point position(int slice) {
        return first.plus(step, slice);
    }

    /** A slice, counted from 0, out of the whole picture. */
    public Voxels cut(Voxels whole, int slice) {
        int left = slice % across * columns;
        int top = slice / across * rows;
        return switch (whole) {
            case Voxels.Shorts all -> {
                var part = new short[columns * rows];
                for (int y = 0; y < rows; y++) {
                    System.arraycopy(all.stored(), (top + y) * width + left, part, y * columns, columns);
                }
                yield new Voxels.Shorts(part, all.unsigned(), all.slope(), all.intercept());
            }
            case Voxels.Floats(var values) -> {
                var part = new float[columns * rows];
                for (int y = 0; y < rows; y++) {
                    System.arraycopy(values, (top + y) * width + left, part, y * columns, columns);
                }
                yield new Voxels.Floats(part);
            }
        };
    }
}
