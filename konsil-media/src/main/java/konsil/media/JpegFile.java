package konsil.media;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * JPEG (ITU-T T.81), baseline and progressive, 8 bits. The segments are walked through here, to the end of the picture;
 * the JDK gets to see those that make the samples and one segment that says which colours they are, decided as libjpeg
 * decides it. So neither a broken profile nor a marker that contradicts another changes or spoils anything.
 */
final class JpegFile {
    private static final int RST0 = 0xD0;
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int COM = 0xFE;

    private static final String EXIF = "Exif\0\0";
    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
    private static final String NO_PICTURE = "the JPEG has no picture in it";

    /** A progressive picture has about ten; hundreds of them are made to keep a computer busy. */
    private static final int MAX_SCANS = 200;

    private final ImageBytes file;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private Optional<Orientation> exif = Optional.empty();
    private Optional<Orientation> xmp = Optional.empty();
    private boolean jfif;
    private OptionalInt adobe = OptionalInt.empty();
    private Optional<JpegFrame> frame = Optional.empty();
    private int scans;

    private JpegFile(ImageBytes file) {
        this.file = file;
    }

    static Raster decode(ImageBytes file, ImageSettings settings) {
        var jpeg = new JpegFile(file);
        jpeg.readSegments(settings);
        Raster stored = jpeg.picture(settings);
        return settings.turned(stored, jpeg.exif.or(() -> jpeg.xmp));
    }

    private Raster picture(ImageSettings settings) {
        int components = frame.orElseThrow(() -> file.bad(NO_PICTURE)).at();
        var colours = JpegColours.of(file, components, jfif, adobe);
        boolean halfRows = colours == JpegColours.YCC && hasHalfRows(components);
        var stream = new ByteArrayOutputStream(kept.size() + 32);
        stream.write(0xFF);
        stream.write(SOI);
        // Named RGB, the components come as they are.
        stream.writeBytes((halfRows ? JpegColours.RGB : colours).segment());
        stream.writeBytes(kept.toByteArray());
        var reader = new JdkReader(file, "jpeg");
        byte[] bytes = stream.toByteArray();
        return switch (colours) {
            case GREY, YCC, RGB ->
                halfRows
                        ? JpegColours.halfRows(reader.samples(bytes, settings))
                        : new PillowRgb(file, settings).of(reader.image(bytes, settings));
            case CMYK, YCCK -> colours.inverted(reader.samples(bytes, settings));
        };
    }

    /** Whether Cb and Cr have as many columns as Y and half as many rows. */
    private boolean hasHalfRows(int at) {
        int y = file.u8(at + 2);
        return y % 2 == 0 && file.u8(at + 5) == y - (y & 15) / 2 && file.u8(at + 8) == file.u8(at + 5);
    }

    private void readSegments(ImageSettings settings) {
        int at = 2;
        while (true) {
            at = JpegFrame.marker(file, at);
            int kind = file.u8(at);
            if (kind == EOI) {
                keep(at - 1, 2);
                break;
            }
            if (JpegFrame.isAlone(kind)) {
                at++;
                continue;
            }
            int size = file.u16Big(at + 1);
            if (size < 2) {
                throw file.bad("a JPEG segment says that it is %d bytes long, want at least 2".formatted(size));
            }
            file.require(at + 1, size, "a JPEG segment");
            at = segment(kind, at - 1, size + 2, settings);
        }
        if (scans == 0) {
            throw file.bad(NO_PICTURE);
        }
    }

    private void keep(int from, int length) {
        kept.write(file.bytes(), from, length);
    }

    /** @return the end of the segment and of the samples that belong to it */
    private int segment(int kind, int from, int length, ImageSettings settings) {
        int end = from + length;
        if (kind >= APP0 && kind <= APP15 || kind == COM) {
            application(kind, from + 4, length - 4);
            return end;
        }
        if (JpegFrame.begins(kind)) {
            frame(JpegFrame.read(file, kind, from + 4), settings);
        }
        if (kind == SOS) {
            end = samples(end);
        }
        keep(from, end - from);
        return end;
    }

    private void application(int kind, int at, int length) {
        if (kind == APP0 && file.has(at, "JFIF\0") && length >= 14) {
            jfif = true;
        } else if (kind == APP14 && file.has(at, "Adobe") && length >= 12) {
            adobe = OptionalInt.of(file.u8(at + 11));
        } else if (kind == APP1 && file.has(at, EXIF) && length >= EXIF.length()) {
            exif = Exif.orientation(file.bytes(), at + EXIF.length(), length - EXIF.length());
        } else if (kind == APP1 && file.has(at, XMP)) {
            xmp = Exif.orientation(new String(file.bytes(), at, length, StandardCharsets.ISO_8859_1));
        }
    }

    private void frame(JpegFrame found, ImageSettings settings) {
        if (frame.isPresent()) {
            throw file.bad("the JPEG has two frames, want one picture");
        }
        if (!found.isRead()) {
            throw file.bad(
                    "this kind of JPEG is not read (marker 0x%02X, %d bits): want baseline or progressive, 8 bits"
                            .formatted(found.kind(), found.bits()));
        }
        file.requireSize(found.width(), found.height(), settings);
        frame = Optional.of(found);
    }

    /** Passes over the coded samples of a scan; restart markers and 0xFF00 belong to them. @return their end */
    private int samples(int from) {
        if (++scans > MAX_SCANS) {
            throw file.bad("the JPEG has more than %d scans".formatted(MAX_SCANS));
        }
        byte[] bytes = file.bytes();
        for (int at = from; at < bytes.length - 1; at++) {
            int next = bytes[at + 1] & 0xFF;
            if (bytes[at] == (byte) 0xFF && next != 0 && next != 0xFF && (next < RST0 || next >= SOI)) {
                return at;
            }
        }
        throw file.cutOff("the JPEG's samples");
    }
}
