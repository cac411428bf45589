package konsil.media.nifti;

import java.util.Objects;
import konsil.media.Volume.Unit;

/**
 * How NIfTI files are read.
 *
 * @param volume which volume of a file with several, counted from 0
 * @param unit what the values mean; NIfTI does not say
 * @param maxVoxels of the chosen volume, refused above before memory is taken
 */
public record NiftiSettings(int volume, Unit unit, long maxVoxels) {
    /** Twice a CT of the whole body: 1 GiB of 16-bit voxels. */
    public static final long DEFAULT_MAX_VOXELS = 1L << 29;

    public NiftiSettings {
        Objects.requireNonNull(unit);
        if (volume < 0 || maxVoxels < 1 || maxVoxels > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("NIfTI: want a volume from 0 on and a limit of 1 to 2^31 - 9 voxels, got"
                    + " %d and %d".formatted(volume, maxVoxels));
        }
    }

    /** The first volume. */
    public static NiftiSettings first(Unit unit) {
        return new NiftiSettings(0, unit, DEFAULT_MAX_VOXELS);
    }
}
