package konsil.media.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** AIFF 1.3 (Apple 1989) and AIFF-C (1991): big-endian chunks; uncompressed kinds, and G.711. */
final class AiffStream {
    private static final int LONGEST_COMMON = 1 << 16;

    /** The part of "COMM" that matters. */
    private record Common(PcmCode code, int channels, int sampleRate, long frames) {}

    private AiffStream() {}

    static AudioStream open(AudioBytes in, AudioLimits limits) throws IOException {
        boolean compressed = in.exactly(12, "the FORM header")[11] == 'C';
        Common common = null;
        while (true) {
            byte[] header = new byte[8];
            if (in.upTo(header, 8) < 8) {
                throw in.bad("no \"SSND\" chunk with sound, the file ends before");
            }
            String id = new String(header, 0, 4, StandardCharsets.ISO_8859_1);
            long size = ByteBuffer.wrap(header).getInt(4) & 0xFFFFFFFFL;
            if (id.equals("SSND")) {
                return sound(in, common, size);
            }
            if (id.equals("COMM")) {
                common = common(in, size, compressed, limits);
            } else if (!in.skip(size + (size & 1))) {
                throw in.bad("a chunk of %d bytes goes beyond the end of the file, no sound before it".formatted(size));
            }
        }
    }

    private static AudioStream sound(AudioBytes in, Common common, long size) throws IOException {
        if (common == null) {
            throw in.bad("the \"SSND\" chunk comes before \"COMM\"; want the format first");
        }
        if (size < 8) {
            throw in.bad("\"SSND\" claims %d bytes, want at least 8".formatted(size));
        }
        long offset = ByteBuffer.wrap(in.exactly(8, "SSND")).getInt() & 0xFFFFFFFFL;
        long frameBytes = (long) common.code.bytes() * common.channels;
        long stored = size - 8 - offset;
        if (stored < common.frames * frameBytes) {
            throw in.bad("\"COMM\" promises %d samples, \"SSND\" has room for %d"
                    .formatted(common.frames, Math.max(0, stored) / frameBytes));
        }
        in.skip(offset);
        var layout = new PcmStream.Layout(common.code, common.channels, common.sampleRate, common.frames * frameBytes);
        return new PcmStream(in, layout);
    }

    private static Common common(AudioBytes in, long size, boolean compressed, AudioLimits limits) throws IOException {
        if (size < (compressed ? 22 : 18) || size > LONGEST_COMMON) {
            throw in.bad("\"COMM\" claims %d bytes, want 18 to %d".formatted(size, LONGEST_COMMON));
        }
        byte[] bytes = in.exactly((int) size, "\"COMM\"");
        in.skip(size & 1);
        var c = ByteBuffer.wrap(bytes);
        int channels = c.getShort(0) & 0xFFFF;
        long frames = c.getInt(2) & 0xFFFFFFFFL;
        int bits = c.getShort(6) & 0xFFFF;
        // An 80-bit float, IEEE 754 extended: exponent with bias 16383, then 64 bits with the leading one written.
        int exponent = (c.getShort(8) & 0x7FFF) - 16383;
        double rate = exponent < 0 || exponent > 62 ? 0 : (c.getLong(10) >>> 1) * Math.pow(2, exponent - 62.0);
        limits.check(in, channels, Math.round(rate));
        String kind = compressed ? new String(bytes, 18, 4, StandardCharsets.ISO_8859_1) : "NONE";
        return new Common(code(in, kind, bits), channels, (int) Math.round(rate), frames);
    }

    private static PcmCode code(AudioBytes in, String kind, int bits) {
        int bytes = (bits + 7) / 8;
        PcmCode code =
                switch (kind) {
                    case "NONE", "twos", "in24", "in32" -> bigEndian(bytes);
                    case "sowt" -> bytes == 2 ? PcmCode.S16LE : null;
                    case "fl32", "FL32" -> PcmCode.F32BE;
                    case "fl64", "FL64" -> PcmCode.F64BE;
                    case "alaw", "ALAW" -> PcmCode.A_LAW;
                    case "ulaw", "ULAW" -> PcmCode.MU_LAW;
                    default -> null;
                };
        if (code == null) {
            throw in.bad("AIFF of this kind with %d bits is not read; convert it with: ffmpeg -i FILE sound.wav"
                    .formatted(bits));
        }
        return code;
    }

    private static PcmCode bigEndian(int bytes) {
        return switch (bytes) {
            case 1 -> PcmCode.S8;
            case 2 -> PcmCode.S16BE;
            case 3 -> PcmCode.S24BE;
            case 4 -> PcmCode.S32BE;
            default -> null;
        };
    }
}
