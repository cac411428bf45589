package konsil.media.slide;

import java.io.ByteArrayOutputStream;
import konsil.media.ImageFile;
import konsil.media.ImageSettings;
import konsil.media.Raster;

/**
 * A JPEG inside a TIFF (Technical Note 2 of TIFF 6.0): its tables may stand once for all tiles, and what its components
 * are the TIFF says, whatever the JPEG itself does.
 */
final class JpegTile {
    private static final int SOS = 0xDA;
    private static final int EOI = 0xD9;
    private static final int APP0 = 0xE0;
    private static final int APP15 = 0xEF;
    private static final int COM = 0xFE;

    /** Adobe's APP14 segment with transform 0: the components are the colours. */
    private static final byte[] RGB = {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};

    /** JFIF's APP0 segment: grey or YCbCr. */
    private static final byte[] YCC = {(byte) 0xFF, (byte) 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
    };

    private JpegTile() {}

    /**
     * Unpacks.
     *
     * @param tables of field 347, or none
     * @param rgb whether three components are red, green and blue
     * @param maxPixels refused above, before memory is taken
     */
    static Raster decode(SlideBytes file, byte[] tables, byte[] tile, boolean rgb, long maxPixels) {
        var stream = new ByteArrayOutputStream(tables.length + tile.length + 32);
        stream.write(0xFF);
        stream.write(0xD8);
        stream.writeBytes(rgb ? RGB : YCC);
        if (tables.length > 2) {
            copySegments(file, tables, stream);
        }
        copySegments(file, tile, stream);
        var settings = new ImageSettings(ImageSettings.Rotation.AS_STORED, ImageSettings.DeepGrey.REFUSE, maxPixels);
        return ImageFile.decode(file.name(), stream.toByteArray(), settings);
    }

    /** Everything between the marks of begin and end, without applications' segments. */
    private static void copySegments(SlideBytes file, byte[] in, ByteArrayOutputStream out) {
        if (in.length < 2 || in[0] != (byte) 0xFF || in[1] != (byte) 0xD8) {
            throw file.bad("a JPEG of the TIFF does not begin as one");
        }
        int at = 2;
        while (at + 4 <= in.length && in[at] == (byte) 0xFF) {
            int kind = in[at + 1] & 0xFF;
            if (kind == EOI) {
                return;
            }
            if (kind == SOS) {
                out.write(in, at, in.length - at);
                return;
            }
            int length = 2 + ((in[at + 2] & 0xFF) << 8 | in[at + 3] & 0xFF);
            if (at + length > in.length) {
                throw file.bad("a JPEG of the TIFF is cut off");
            }
            if (kind != COM && (kind < APP0 || kind > APP15)) {
                out.write(in, at, length);
            }
            at += length;
        }
    }
}
