package konsil.media.codec;

import java.util.Optional;

/** Kinds of code streams that tell themselves by their first bytes. */
public enum ImageCodec {
    /** ITU-T T.81: baseline, extended, progressive, lossless. */
    JPEG,
    /** ITU-T T.87. */
    JPEG_LS,
    /** ITU-T T.800, and T.814 (high throughput). */
    JPEG_2000;

    private static final int SOI = 0xFFD8;
    private static final int SOF55 = 0xF7;

    public static Optional<ImageCodec> of(byte[] data) {
        var stream = new Codestream("", data, 0, 0, 0);
        if (data.length < 12) {
            return Optional.empty();
        }
        int first = stream.u16(0);
        if (first == 0xFF4F && stream.u16(2) == 0xFF51 || stream.u32(0) == 12 && stream.u32(4) == 0x6A502020L) {
            return Optional.of(JPEG_2000);
        }
        if (first != SOI) {
            return Optional.empty();
        }
        return Optional.of(isJpegLs(stream) ? JPEG_LS : JPEG);
    }

    private static boolean isJpegLs(Codestream stream) {
        int at = 2;
        while (at + 4 <= stream.bytes().length) {
            if (stream.u8(at) != 0xFF) {
                return false;
            }
            int marker = stream.u8(at + 1);
            if (marker == 0xFF) {
                at++;
            } else if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
                return false;
            } else if (marker == SOF55) {
                return true;
            } else {
                at += 2 + stream.u16(at + 2);
            }
        }
        return false;
    }

    /** @throws konsil.media.BadMediaException when the stream is damaged, cut off or uses what is not read */
    public Decoded decode(Codestream stream) {
        return switch (this) {
            case JPEG -> new Jpeg(stream).decode();
            case JPEG_LS -> new JpegLs(stream).decode();
            case JPEG_2000 -> Jpeg2000.decode(stream);
        };
    }
}
