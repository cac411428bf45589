package konsil.media.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** WAV (Microsoft RIFF multimedia data standards 1991 and 1994), and RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088). */
final class WavStream {
    private static final long UNKNOWN = 0xFFFFFFFFL;
    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int A_LAW = 6;
    private static final int MU_LAW = 7;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final int LONGEST_FORMAT = 1 << 16;

    /** The part of "fmt " that matters. */
    private record Format(PcmCode code, int channels, int sampleRate) {}

    private WavStream() {}

    static AudioStream open(AudioBytes in, AudioLimits limits) throws IOException {
        in.exactly(12, "the RIFF header");
        Format format = null;
        long longSize = PcmStream.TO_THE_END;
        while (true) {
            byte[] header = new byte[8];
            int got = in.upTo(header, 8);
            if (got < 8) {
                throw in.bad("no \"data\" chunk with sound, the file ends before");
            }
            String id = new String(header, 0, 4, StandardCharsets.ISO_8859_1);
            long size = little(header).getInt(4) & UNKNOWN;
            if (id.equals("data")) {
                if (format == null) {
                    throw in.bad("the \"data\" chunk comes before \"fmt \"; want the format first");
                }
                long bytes = size == UNKNOWN ? longSize : size == 0 ? emptyOrOpen(in) : size;
                return new PcmStream(in, new PcmStream.Layout(format.code, format.channels, format.sampleRate, bytes));
            }
            if (id.equals("fmt ")) {
                format = format(in, size, limits);
            } else if (id.equals("ds64") && size >= 24 && size <= LONGEST_FORMAT) {
                longSize = Math.max(-1, little(in.exactly((int) size, "ds64")).getLong(8));
                in.skip(size & 1);
            } else if (!in.skip(size + (size & 1))) {
                throw in.bad("a chunk of %d bytes goes beyond the end of the file, no sound before it".formatted(size));
            }
        }
    }

    /** Size 0 is left by a recorder that never went back; an honest 0 is followed by a chunk or nothing. */
    private static long emptyOrOpen(AudioBytes in) throws IOException {
        String next = new String(in.peek(4), StandardCharsets.ISO_8859_1);
        boolean chunk = next.equals("LIST") || next.equalsIgnoreCase("id3 ") || next.isEmpty();
        return chunk ? 0 : PcmStream.TO_THE_END;
    }

    private static Format format(AudioBytes in, long size, AudioLimits limits) throws IOException {
        if (size < 16 || size > LONGEST_FORMAT) {
            throw in.bad("\"fmt \" claims %d bytes, want 16 to %d".formatted(size, LONGEST_FORMAT));
        }
        ByteBuffer f = little(in.exactly((int) size, "\"fmt \""));
        in.skip(size & 1);
        int tag = f.getShort(0) & 0xFFFF;
        int channels = f.getShort(2) & 0xFFFF;
        long rate = f.getInt(4) & UNKNOWN;
        int frameBytes = f.getShort(12) & 0xFFFF;
        int bits = f.getShort(14) & 0xFFFF;
        if (tag == EXTENSIBLE && size >= 40) {
            tag = f.getShort(24) & 0xFFFF;
        }
        limits.check(in, channels, rate);
        if (bits < 1 || frameBytes != channels * ((bits + 7) / 8)) {
            throw in.bad("\"fmt \" contradicts itself: %d channels of %d bits, but %d bytes a sample"
                    .formatted(channels, bits, frameBytes));
        }
        return new Format(code(in, tag, bits), channels, (int) rate);
    }

    private static PcmCode code(AudioBytes in, int tag, int bits) {
        int bytes = (bits + 7) / 8;
        return switch (tag << 4 | Math.min(bytes, 15)) {
            case PCM << 4 | 1 -> PcmCode.U8;
            case PCM << 4 | 2 -> PcmCode.S16LE;
            case PCM << 4 | 3 -> PcmCode.S24LE;
            case PCM << 4 | 4 -> PcmCode.S32LE;
            case FLOAT << 4 | 4 -> PcmCode.F32LE;
            case FLOAT << 4 | 8 -> PcmCode.F64LE;
            case A_LAW << 4 | 1 -> PcmCode.A_LAW;
            case MU_LAW << 4 | 1 -> PcmCode.MU_LAW;
            default ->
                throw in.bad(
                        ("WAV format 0x%04X with %d bits is not read; want PCM of 8 to 32 bits, float, A-law or mu-law;"
                                        + " convert it with: ffmpeg -i FILE -c:a pcm_s16le sound.wav")
                                .formatted(tag, bits));
        };
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
