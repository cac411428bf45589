package konsil.clinic;

import java.io.IOException;
import java.nio.file.Path;
import konsil.media.ImageFile;
import konsil.media.ImageSettings;
import konsil.media.Raster;
import konsil.tensor.file.FileHash;

/**
 * A picture that a question is about.
 *
 * @param name of its file, without folders, or what else to call it
 * @param sha256 of its file, in hex; of a part of a study the RGB pixels
 * @param origin where it was made from
 */
public record Picture(String name, String sha256, Raster raster, Origin origin) {
    /**
     * A picture's place in a study; all empty for a file of its own.
     *
     * @param series Series Instance UID
     * @param place which slice, frame or patch
     * @param prepared windows and what else was done to the values
     */
    public record Origin(String series, String place, String prepared) {
        public static final Origin FILE = new Origin("", "", "");
    }

    /** The picture of a file. */
    public Picture(String name, String sha256, Raster raster) {
        this(name, sha256, raster, Origin.FILE);
    }

    /**
     * Reads an image file.
     *
     * @throws konsil.media.BadMediaException when it is missing, no image, or one that cannot be used
     * @throws IOException when the disk fails
     */
    public static Picture read(Path file, ImageSettings settings) throws IOException {
        var raster = ImageFile.read(file, settings);
        return new Picture(String.valueOf(file.getFileName()), FileHash.sha256(file, _ -> {}), raster);
    }
}
