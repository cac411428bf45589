package konsil.medgemma.inputs;

import java.util.ArrayList;
import java.util.List;
import konsil.media.Raster;
import konsil.media.slide.Slide;
import konsil.tensor.BadInputException;

/**
 * Where on a slide there is tissue: the slide in its size nearest to 1.25 fold (8 micrometres a pixel), cut into cells
 * of one patch; a cell counts when its mean luminance is between 1/255, which is no picture at all, and a limit, above
 * which it is glass (EZ-WSI-DICOMweb).
 */
final class TissueMask {
    private static final double MICROMETRES = 8;
    private static final double DARKEST = 1 / 255.0;
    private static final long MOST_PIXELS = 1L << 29;

    private final Slide slide;
    private final int level;
    private final double cell;

    /**
     * @param finest micrometres from pixel to pixel of the largest level
     * @param side of a cell, in pixels of the largest level
     */
    TissueMask(Slide slide, double finest, double side) {
        this.slide = slide;
        level = nearest(slide, finest);
        cell = side / slide.levels().get(level).downsample();
        Slide.Level read = slide.levels().get(level);
        if ((long) read.width() * read.height() > MOST_PIXELS) {
            throw new BadInputException("%s: the smallest size near 1.25 fold has %d x %d pixels, too many to look for"
                            .formatted(slide.name(), read.width(), read.height())
                    + " tissue; want a pyramid");
        }
    }

    private static int nearest(Slide slide, double finest) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < slide.levels().size(); i++) {
            double off = Math.abs(Math.log(finest * slide.levels().get(i).downsample() / MICROMETRES));
            if (off < least) {
                least = off;
                best = i;
            }
        }
        return best;
    }

    /** Column and row of cells with tissue, row by row; a part of a cell at the right and lower edge does not count. */
    List<int[]> cells(double brightest) {
        Slide.Level read = slide.levels().get(level);
        // Rounding of smaller levels must not cost the last cell.
        int columns = Math.max(1, (int) ((read.width() + 0.5) / cell));
        int rows = Math.max(1, (int) ((read.height() + 0.5) / cell));
        var found = new ArrayList<int[]>();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                double luminance = luminance(column, row);
                if (luminance >= DARKEST && luminance <= brightest) {
                    found.add(new int[] {column, row});
                }
            }
        }
        return found;
    }

    private double luminance(int column, int row) {
        int x = (int) Math.round(column * cell);
        int y = (int) Math.round(row * cell);
        int width = Math.max(1, (int) Math.round((column + 1) * cell) - x);
        int height = Math.max(1, (int) Math.round((row + 1) * cell) - y);
        Raster part = slide.region(level, x, y, width, height);
        byte[] samples = part.samples();
        double sum = 0;
        for (int i = 0; i < samples.length; i += 3) {
            sum += 0.299 * (samples[i] & 0xFF) + 0.587 * (samples[i + 1] & 0xFF) + 0.114 * (samples[i + 2] & 0xFF);
        }
        return sum / 255 / width / height;
    }
}
