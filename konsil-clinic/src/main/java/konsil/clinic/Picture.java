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
 * @param name of its file, without folders
 * @param sha256 of its file, in hex
 */
public record Picture(String name, String sha256, Raster raster) {
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
