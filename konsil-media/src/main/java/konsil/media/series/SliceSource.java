package konsil.media.series;

import java.util.Optional;
import java.util.OptionalDouble;
import konsil.media.Vector3;
import konsil.media.Voxels;

/**
 * A slice as a series has it: one file, or one frame of a file of many.
 *
 * @param series what names the series, such as a hash of its UID; slices of different ones are never one volume
 * @param modality CT, MR, PT, ...
 * @param instance number in the series
 * @param columns pixels of a row
 * @param rows of the slice
 * @param plane where it lies, if the file says so
 * @param marks what tells slices apart that lie in the same place
 * @param kind whether it is a slice of a volume at all
 * @param pixels to be unpacked when they are needed
 */
public record SliceSource(
        String series,
        String modality,
        int instance,
        int columns,
        int rows,
        Optional<Plane> plane,
        Marks marks,
        Kind kind,
        Pixels pixels) {
    /** What a picture is. */
    public enum Kind {
        SLICE,
        /** A scout to plan others on (LOCALIZER in Image Type). */
        LOCALISER,
        /** Many small slices in one picture (MOSAIC in Image Type, Siemens). */
        MOSAIC
    }

    /**
     * Where a slice lies, LPS in mm.
     *
     * @param position centre of the first pixel
     * @param row direction in which the column number grows, length 1
     * @param column direction in which the row number grows, length 1
     * @param columnSpacing from column to column
     * @param rowSpacing from row to row
     * @param thickness if the file says so
     */
    public record Plane(
            Vector3 position,
            Vector3 row,
            Vector3 column,
            double columnSpacing,
            double rowSpacing,
            OptionalDouble thickness) {
        /** At right angles to the slice. */
        public Vector3 normal() {
            return row.cross(column).unit();
        }
    }

    /**
     * What tells slices apart that lie in the same place; what is not known is empty.
     *
     * @param stack name of a stack, or an acquisition
     * @param echoTime ms
     * @param bValue of diffusion, s/mm²
     * @param gradient direction of diffusion, as text
     * @param time number of the time point
     */
    public record Marks(String stack, OptionalDouble echoTime, OptionalDouble bValue, String gradient, int time) {
        public static final Marks NONE = new Marks("", OptionalDouble.empty(), OptionalDouble.empty(), "", 0);
    }

    /** The pixels of a slice. */
    @FunctionalInterface
    public interface Pixels {
        /**
         * @return columns * rows values, row by row
         * @throws konsil.media.BadMediaException when they cannot be unpacked
         */
        Voxels unpack();
    }
}
