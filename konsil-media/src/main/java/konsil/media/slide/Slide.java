package konsil.media.slide;

import java.util.List;
import java.util.OptionalDouble;
import konsil.media.BadMediaException;
import konsil.media.Raster;

/**
 * A microscope slide in several sizes. Only the parts that are asked for are read. For any number of threads until it
 * is closed.
 */
public interface Slide extends AutoCloseable {
    /**
     * The slide in one size.
     *
     * @param width pixels
     * @param height pixels
     * @param downsample how many pixels of the largest level one of these stands for, along a side
     */
    record Level(int width, int height, double downsample) {}

    /** A picture beside the slide; a label or a macro shows what is written on the glass, often names. */
    record Associated(String name, int width, int height) {}

    /** What to call it in messages. */
    String name();

    /** Levels from the largest to the smallest; at least one. */
    List<Level> levels();

    /** Micrometres from pixel to pixel of the largest level, if the file says so. */
    OptionalDouble micrometresPerPixel();

    /** Magnification of the objective, 20 or 40 mostly, if the file says so. */
    OptionalDouble objectivePower();

    /**
     * A part of a level. Where it reaches beyond the slide, and where the scanner saved no tile, it is white.
     *
     * @param level number of the level
     * @param x left edge, pixels of this level; may be negative
     * @param y upper edge
     * @throws IndexOutOfBoundsException when there is no such level
     * @throws BadMediaException when the part is empty or too large, or the file is damaged there
     */
    Raster region(int level, long x, long y, int width, int height);

    /** Pictures beside the slide, named alone. */
    List<Associated> associated();

    /**
     * One of the pictures beside the slide, which may show who the patient is: only for those who ask for it by name.
     *
     * @param name label, macro or thumbnail
     * @throws BadMediaException when there is none of this name, or it is damaged
     */
    Raster associated(String name);

    /** Micrometres from pixel to pixel of a level, if the file says so. */
    default OptionalDouble micrometresPerPixel(int level) {
        OptionalDouble finest = micrometresPerPixel();
        double downsample = levels().get(level).downsample();
        return finest.isPresent() ? OptionalDouble.of(finest.getAsDouble() * downsample) : finest;
    }

    @Override
    void close();
}
