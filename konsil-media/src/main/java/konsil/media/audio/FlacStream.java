package konsil.media.audio;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.OptionalLong;

/** FLAC (RFC 9639), 4 to 32 bits; every checksum is verified, at the end the MD5 of all samples where there is one. */
final class FlacStream extends BlockStream {
    private static final int LAST = 0x80;

    /** STREAMINFO. Total 0: unknown. */
    private record StreamInfo(int sampleRate, int channels, int depth, long total, byte[] md5) {}

    private final StreamInfo info;
    private final FlacBits bits;
    private final FlacSubframe subframe;
    private final MessageDigest md5;
    private final boolean signed;
    private long[][] channels = new long[0][0];
    private byte[] packed = {};
    private float[] mono = {};
    private long decoded;

    private FlacStream(AudioBytes in, StreamInfo info) {
        super(in, info.sampleRate);
        this.info = info;
        bits = new FlacBits(in);
        subframe = new FlacSubframe(in, bits);
        signed = !Arrays.equals(info.md5, new byte[16]);
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static FlacStream open(AudioBytes in, AudioLimits limits) throws IOException {
        in.exactly(4, "the FLAC header");
        StreamInfo info = null;
        int type = 0;
        while ((type & LAST) == 0) {
            byte[] header = in.exactly(4, "the FLAC metadata");
            type = header[0] & 0xFF;
            int size = ByteBuffer.wrap(header).getInt() & 0xFFFFFF;
            if (info == null) {
                if ((type & 0x7F) != 0 || size != 34) {
                    throw in.bad("FLAC metadata does not start with STREAMINFO");
                }
                info = info(in, limits);
            } else if (!in.skip(size)) {
                throw in.bad("cut off in the FLAC metadata");
            }
        }
        return new FlacStream(in, info);
    }

    private static StreamInfo info(AudioBytes in, AudioLimits limits) throws IOException {
        byte[] b = in.exactly(34, "FLAC STREAMINFO");
        long fields = ByteBuffer.wrap(b).getLong(10);
        int rate = (int) (fields >>> 44);
        int channels = (int) (fields >>> 41 & 7) + 1;
        int depth = (int) (fields >>> 36 & 31) + 1;
        limits.check(in, channels, rate);
        if (depth < 4) {
            throw in.bad("FLAC of %d bits, want 4 to 32".formatted(depth));
        }
        return new StreamInfo(rate, channels, depth, fields & 0xFFFFFFFFFL, Arrays.copyOfRange(b, 18, 34));
    }

    @Override
    boolean decode() throws IOException {
        if (info.total > 0 && decoded >= info.total || in.atEnd()) {
            finish();
            return false;
        }
        try {
            frame();
            return true;
        } catch (EOFException cut) {
            warn("breaks off within a FLAC frame after %d samples".formatted(decoded));
            return false;
        }
    }

    private void finish() {
        if (info.total > 0 && decoded < info.total) {
            warn("breaks off: the header promises %d samples, %d are there".formatted(info.total, decoded));
        } else if (signed && !Arrays.equals(md5.digest(), info.md5)) {
            throw in.bad("the samples do not match the MD5 in the FLAC header");
        }
    }

    private void frame() throws IOException {
        bits.restart();
        if (bits.unsigned(15) != 0x7FFC) {
            throw in.bad("no FLAC frame where one should start, after %d samples".formatted(decoded));
        }
        bits.unsigned(1);
        int sizeCode = (int) bits.unsigned(4);
        int rateCode = (int) bits.unsigned(4);
        int assignment = (int) bits.unsigned(4);
        int depthCode = (int) bits.unsigned(3);
        bits.unsigned(1);
        codedNumber();
        int size = blockSize(sizeCode);
        int rate = rate(rateCode);
        int sum = bits.crc8();
        if (bits.unsigned(8) != sum) {
            throw in.bad("wrong checksum of a FLAC frame header after %d samples".formatted(decoded));
        }
        int depth = depthCode == 0 ? info.depth : new int[] {0, 8, 12, -1, 16, 20, 24, 32}[depthCode];
        int count = assignment < 8 ? assignment + 1 : 2;
        if (rate != info.sampleRate || depth != info.depth || count != info.channels || assignment > 10) {
            throw in.bad("a FLAC frame changes rate, bits or channels after %d samples".formatted(decoded));
        }
        samples(size, assignment);
    }

    private void codedNumber() throws IOException {
        int first = (int) bits.unsigned(8);
        int more = Integer.numberOfLeadingZeros(~(first << 24));
        for (int i = 1; i < more; i++) {
            bits.unsigned(8);
        }
    }

    private int blockSize(int code) throws IOException {
        return switch (code) {
            case 0 -> throw in.bad("FLAC block size code 0 is reserved");
            case 1 -> 192;
            case 2, 3, 4, 5 -> 576 << code - 2;
            case 6 -> (int) bits.unsigned(8) + 1;
            case 7 -> (int) bits.unsigned(16) + 1;
            default -> 256 << code - 8;
        };
    }

    private int rate(int code) throws IOException {
        int[] usual = {0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000};
        return switch (code) {
            case 0 -> info.sampleRate;
            case 12 -> (int) bits.unsigned(8) * 1000;
            case 13 -> (int) bits.unsigned(16);
            case 14 -> (int) bits.unsigned(16) * 10;
            case 15 -> throw in.bad("FLAC rate code 15 is forbidden");
            default -> usual[code];
        };
    }

    private void samples(int size, int assignment) throws IOException {
        if (channels.length == 0 || channels[0].length < size) {
            channels = new long[info.channels][size];
            mono = new float[size];
            packed = new byte[size * info.channels * ((info.depth + 7) / 8)];
        }
        for (int c = 0; c < info.channels; c++) {
            boolean side = assignment == 9 ? c == 0 : assignment >= 8 && c == 1;
            subframe.decode(channels[c], size, info.depth + (side ? 1 : 0));
        }
        bits.align();
        int sum = bits.crc16();
        if (bits.unsigned(16) != sum) {
            throw in.bad("wrong checksum of a FLAC frame after %d samples".formatted(decoded));
        }
        if (assignment >= 8) {
            unpair(channels[0], channels[1], size, assignment);
        }
        decoded += size;
        digest(size);
        mix(size);
    }

    /** Left and right from left-side (8), side-right (9) or mid-side (10). */
    private static void unpair(long[] a, long[] b, int size, int assignment) {
        for (int i = 0; i < size; i++) {
            switch (assignment) {
                case 8 -> b[i] = a[i] - b[i];
                case 9 -> a[i] += b[i];
                default -> {
                    long mid = a[i] << 1 | b[i] & 1;
                    a[i] = mid + b[i] >> 1;
                    b[i] = mid - b[i] >> 1;
                }
            }
        }
    }

    private void digest(int size) {
        if (!signed) {
            return;
        }
        int at = 0;
        int bytes = (info.depth + 7) / 8;
        for (int i = 0; i < size; i++) {
            for (long[] channel : channels) {
                for (int b = 0; b < bytes; b++) {
                    packed[at++] = (byte) (channel[i] >> 8 * b);
                }
            }
        }
        md5.update(packed, 0, at);
    }

    /** As the WAV reader does it: each sample to float, then the mean. */
    private void mix(int size) {
        float scale = 1f / (1L << info.depth - 1);
        for (int i = 0; i < size; i++) {
            float sum = 0;
            for (long[] channel : channels) {
                sum += channel[i] * scale;
            }
            mono[i] = sum / info.channels;
        }
        give(mono, 0, size);
    }

    @Override
    public OptionalLong length() {
        return info.total == 0 ? OptionalLong.empty() : OptionalLong.of(info.total);
    }
}
