package konsil.medgemma.inputs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import konsil.media.Raster;
import konsil.media.slide.Slide;
import konsil.tensor.BadInputException;

/**
 * Patches of a slide as MedGemma 1.5 was trained with them (technical report; Google's notebook
 * high_dimensional_pathology): squares of 896 pixels without overlap where there is tissue, at one magnification; of
 * too many a part by chance, in the order in which they lie, row by row.
 */
public final class SlidePatches implements Pictures {
    /** A level may be so much coarser or finer than what is asked for and is shown as it is (EZ-WSI). */
    private static final double TOLERANCE = 0.23;

    private final Slide slide;
    private final int level;
    private final double scale;
    private final List<Place> places;
    private final int found;

    /**
     * Where a patch lies.
     *
     * @param x left edge, pixels of the largest level
     * @param y upper edge
     * @param side pixels of the largest level
     */
    public record Place(long x, long y, long side) {}

    private SlidePatches(Slide slide, int level, double scale, List<Place> places, int found) {
        this.slide = slide;
        this.level = level;
        this.scale = scale;
        this.places = places;
        this.found = found;
    }

    /**
     * Looks for tissue and chooses. The slide must stay open as long as pictures are asked for.
     *
     * @throws BadInputException when the size of its pixels is not known, it is not so fine, or shows no tissue
     */
    public static SlidePatches of(Slide slide, PatchSettings settings) {
        double finest = micrometres(slide, settings);
        int level = level(slide, finest, settings);
        double levelSize = finest * slide.levels().get(level).downsample();
        double ratio = settings.micrometres() / levelSize;
        double scale = Math.abs(ratio - 1) <= TOLERANCE ? 1 : ratio;
        double side = PatchSettings.SIDE * scale * slide.levels().get(level).downsample();
        List<int[]> cells = new TissueMask(slide, finest, side).cells(settings.brightest());
        if (cells.isEmpty()) {
            throw new BadInputException("%s: no tissue found: no patch has a mean luminance of 1/255 to %s"
                    .formatted(slide.name(), settings.brightest()));
        }
        var places = chosen(cells, settings).stream()
                .map(cell -> new Place(Math.round(cell[0] * side), Math.round(cell[1] * side), Math.round(side)))
                .toList();
        return new SlidePatches(slide, level, scale, places, cells.size());
    }

    private static double micrometres(Slide slide, PatchSettings settings) {
        OptionalDouble known = settings.micrometresPerPixel().isPresent()
                ? settings.micrometresPerPixel()
                : slide.micrometresPerPixel();
        if (known.isPresent()) {
            return known.getAsDouble();
        }
        return 10
                / slide.objectivePower()
                        .orElseThrow(() -> new BadInputException(slide.name()
                                + ": the file does not say how large its pixels are; want micrometres per pixel"));
    }

    /** The nearest level within the tolerance, else the next finer one. */
    private static int level(Slide slide, double finest, PatchSettings settings) {
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        int finer = -1;
        for (int i = 0; i < slide.levels().size(); i++) {
            double ratio =
                    settings.micrometres() / (finest * slide.levels().get(i).downsample());
            if (Math.abs(ratio - 1) <= TOLERANCE && Math.abs(ratio - 1) < least) {
                least = Math.abs(ratio - 1);
                best = i;
            }
            finer = ratio > 1 ? i : finer;
        }
        if (best < 0 && finer < 0) {
            throw new BadInputException("%s: its finest size has %.3f micrometres a pixel, %.3f are wanted at %s fold"
                    .formatted(slide.name(), finest, settings.micrometres(), settings.magnification()));
        }
        return best >= 0 ? best : finer;
    }

    private static List<int[]> chosen(List<int[]> cells, PatchSettings settings) {
        if (cells.size() <= settings.most()) {
            return cells;
        }
        var shuffled = new ArrayList<>(cells);
        Collections.shuffle(shuffled, new Random(settings.seed()));
        return shuffled.subList(0, settings.most()).stream()
                .sorted(Comparator.<int[]>comparingInt(cell -> cell[1]).thenComparingInt(cell -> cell[0]))
                .toList();
    }

    @Override
    public int count() {
        return places.size();
    }

    /** A raster of 896 x 896 pixels; white beyond the slide's edge. */
    @Override
    public Raster picture(int index) {
        Place place = places.get(index);
        double downsample = slide.levels().get(level).downsample();
        int side = (int) Math.round(PatchSettings.SIDE * scale);
        Raster read =
                slide.region(level, Math.round(place.x() / downsample), Math.round(place.y() / downsample), side, side);
        return side == PatchSettings.SIDE ? read : read.resized(PatchSettings.SIDE, PatchSettings.SIDE);
    }

    @Override
    public String source(int index) {
        return "x %d, y %d".formatted(places.get(index).x(), places.get(index).y());
    }

    /** Where the patches lie, in the order in which they are shown. */
    public List<Place> places() {
        return places;
    }

    /** Patches with tissue, shown or not. */
    public int found() {
        return found;
    }

    /** The level of the slide that is read. */
    public int level() {
        return level;
    }
}
