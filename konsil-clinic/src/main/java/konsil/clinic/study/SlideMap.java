package konsil.clinic.study;

import konsil.medgemma.inputs.SlidePatches;
import konsil.media.Canvas;
import konsil.media.Raster;
import konsil.media.slide.Slide;

/** A slide in small, with the patches that are shown outlined and numbered. */
public final class SlideMap {
    private static final int SIDE = 1600;
    private static final int COLOUR = 0xD55E00;
    private static final int THICKNESS = 3;

    private SlideMap() {}

    /** The smallest level that is no smaller than needed, shrunk to 1600 pixels at most. */
    public static Raster of(Slide slide, SlidePatches patches) {
        int level = slide.levels().size() - 1;
        while (level > 0 && longer(slide, level) < SIDE) {
            level--;
        }
        Slide.Level read = slide.levels().get(level);
        Raster whole = slide.region(level, 0, 0, read.width(), read.height());
        double factor = Math.min(1, (double) SIDE / longer(slide, level));
        int width = Math.max(1, (int) Math.round(factor * read.width()));
        int height = Math.max(1, (int) Math.round(factor * read.height()));
        Raster small = whole.resized(width, height);
        var canvas = Canvas.on(small);
        double shrink = slide.levels().getFirst().width() / (double) width;
        for (int i = 0; i < patches.count(); i++) {
            var place = patches.places().get(i);
            int left = (int) Math.round(place.x() / shrink);
            int top = (int) Math.round(place.y() / shrink);
            int side = Math.max(1, (int) Math.round(place.side() / shrink));
            canvas.outline(
                    new Canvas.Box(left, top, Math.min(width, left + side), Math.min(height, top + side)),
                    THICKNESS,
                    COLOUR);
            canvas.text(left + 2 * THICKNESS, top + 2 * THICKNESS, Integer.toString(i + 1), 2, COLOUR);
        }
        return canvas.raster();
    }

    private static int longer(Slide slide, int level) {
        Slide.Level size = slide.levels().get(level);
        return Math.max(size.width(), size.height());
    }
}
