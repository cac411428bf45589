package konsil.media;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** The one thing that is read from a camera's notes: how the picture lies. Damaged notes say nothing. */
final class Exif {
    private static final Pattern IN_XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

    private Exif() {}

    /**
     * The orientation in an Exif block, which is laid out as a TIFF file.
     *
     * @param from where its byte order mark stands
     */
    static Optional<Orientation> orientation(byte[] bytes, int from, int length) {
        byte[] block = Arrays.copyOfRange(bytes, from, from + length);
        try {
            var tags = TiffTags.read(new ImageBytes("Exif", block));
            return tags.has(Orientation.TAG) ? Optional.of(tags.orientation()) : Optional.empty();
        } catch (BadMediaException damaged) {
            return Optional.empty();
        }
    }

    /** The orientation in an XMP text, where Pillow looks when Exif has none. */
    static Optional<Orientation> orientation(String xmp) {
        return IN_XMP.matcher(xmp).results().findFirst().map(found -> Orientation.of(Integer.parseInt(found.group(1))));
    }
}
