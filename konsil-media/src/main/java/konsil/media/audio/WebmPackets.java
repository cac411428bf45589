package konsil.media.audio;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Opus in WebM or Matroska (RFC 8794, RFC 9559): the first Opus track. Segments and clusters may be of unknown size, as
 * browsers write them while they record. Their ids say what follows, so containers are entered and never left.
 */
final class WebmPackets implements OpusPackets {
    private static final int EBML = 0x1A45DFA3;
    private static final int SEGMENT = 0x18538067;
    private static final int CLUSTER = 0x1F43B675;
    private static final int TRACKS = 0x1654AE6B;
    private static final int TRACK_ENTRY = 0xAE;
    private static final int TRACK_NUMBER = 0xD7;
    private static final int CODEC_ID = 0x86;
    private static final int CODEC_PRIVATE = 0x63A2;
    private static final int CONTENT_ENCODINGS = 0x6D80;
    private static final int BLOCK_GROUP = 0xA0;
    private static final int BLOCK = 0xA1;
    private static final int SIMPLE_BLOCK = 0xA3;
    private static final int DISCARD_PADDING = 0x75A2;
    private static final long UNKNOWN = -1;
    private static final int LACING = 0x06;
    private static final int LONGEST = 1 << 20;

    private final AudioBytes in;
    private final Track track = new Track();
    private byte[] held = {};
    private long discard;
    private boolean started;
    private String warning = "";

    /** The entry being read, until an Opus one is complete. */
    private static final class Track {
        private long number;
        private String codec = "";
        private byte[] head = {};
        private boolean encoded;

        boolean opus() {
            return codec.equals("A_OPUS") && number > 0;
        }

        void clear() {
            number = 0;
            codec = "";
            head = new byte[0];
            encoded = false;
        }
    }

    private WebmPackets(AudioBytes in) {
        this.in = in;
    }

    static WebmPackets open(AudioBytes in) {
        return new WebmPackets(in);
    }

    @Override
    public Optional<OpusPacket> next() throws IOException {
        if (!started) {
            started = true;
            readHeaders();
            return Optional.of(new OpusPacket(track.head, 0, true));
        }
        while (true) {
            int id = id();
            long size = id == -1 ? 0 : size();
            boolean block = id == SIMPLE_BLOCK || id == BLOCK;
            byte[] packet = block ? block(size) : new byte[0];
            if (id != -1 && !block) {
                inCluster(id, size);
            }
            if (id == -1 || packet.length > 0) {
                var before = new OpusPacket(held, Long.MAX_VALUE, false);
                long keep = Math.max(0, before.samples() - discard);
                discard = 0;
                held = packet;
                if (before.bytes().length > 0) {
                    return Optional.of(new OpusPacket(before.bytes(), keep, false));
                }
                if (id == -1) {
                    return Optional.empty();
                }
            }
        }
    }

    @Override
    public Optional<String> warning() {
        return warning.isEmpty() ? Optional.empty() : Optional.of(warning);
    }

    private void readHeaders() throws IOException {
        for (int id = id(); id != CLUSTER; id = id()) {
            if (id == -1) {
                throw in.bad("WebM without a cluster, so without sound");
            }
            long size = size();
            switch (id) {
                case SEGMENT, TRACKS -> {}
                case TRACK_ENTRY -> {
                    if (!track.opus()) {
                        track.clear();
                    } else {
                        skip(size);
                    }
                }
                case TRACK_NUMBER -> track.number = number(size);
                case CODEC_ID ->
                    track.codec = new String(bytes(size, 64), StandardCharsets.ISO_8859_1).replace("\0", "");
                case CODEC_PRIVATE -> track.head = bytes(size, LONGEST);
                case CONTENT_ENCODINGS -> {
                    track.encoded = true;
                    skip(size);
                }
                default -> skip(size);
            }
        }
        size();
        if (!track.opus()) {
            throw in.bad("WebM without an Opus track; convert it with: ffmpeg -i FILE sound.wav");
        }
        if (track.encoded) {
            throw in.bad("the Opus track is encrypted or compressed; convert it with: ffmpeg -i FILE sound.wav");
        }
    }

    private void inCluster(int id, long size) throws IOException {
        switch (id) {
            case CLUSTER, BLOCK_GROUP -> {}
            case DISCARD_PADDING -> discard = discarded(size);
            case SEGMENT, EBML, TRACKS ->
                throw in.bad("a second WebM recording follows in the same file; want one in a file");
            default -> skip(size);
        }
    }

    /** Nanoseconds to samples at 48 kHz; negative padding is none. */
    private long discarded(long size) throws IOException {
        byte[] bytes = bytes(size, 8);
        long nanoseconds = bytes.length == 0 ? 0 : new BigInteger(bytes).longValueExact();
        return Math.max(0, Math.min(nanoseconds, 1_000_000_000L)) * 48 / 1_000_000;
    }

    /** A block's one frame; empty when it is of another track, or cut off. */
    private byte[] block(long size) throws IOException {
        if (size < 4 || size > LONGEST) {
            if (size > LONGEST) {
                skip(size);
                return new byte[0];
            }
            throw in.bad("a WebM block claims %d bytes".formatted(size));
        }
        byte[] bytes = new byte[(int) size];
        if (in.upTo(bytes, bytes.length) < bytes.length) {
            warning = "breaks off within a WebM block";
            return new byte[0];
        }
        int first = bytes[0] & 0xFF;
        int width = Integer.numberOfLeadingZeros(first) - 23;
        if (width > 2 || bytes.length < width + 4) {
            return new byte[0];
        }
        int number = width == 1 ? first & 0x7F : (first & 0x3F) << 8 | bytes[1] & 0xFF;
        if (number != track.number) {
            return new byte[0];
        }
        if ((bytes[width + 2] & LACING) != 0) {
            throw in.bad("laced WebM blocks are not read; convert it with: ffmpeg -i FILE sound.wav");
        }
        return java.util.Arrays.copyOfRange(bytes, width + 3, bytes.length);
    }

    /** The next element's id with its marker bits; -1 at the end of the file. */
    private int id() throws IOException {
        int first = in.read();
        if (first < 0) {
            return -1;
        }
        int width = Integer.numberOfLeadingZeros(first) - 23;
        if (width > 4) {
            throw in.bad("no WebM element where one should start");
        }
        return (int) rest(first, width - 1);
    }

    /** The next element's size; {@link #UNKNOWN} when all its bits are set. */
    private long size() throws IOException {
        int first = in.read();
        if (first < 0) {
            warning = "breaks off within a WebM element";
            return 0;
        }
        int width = Integer.numberOfLeadingZeros(first) - 23;
        if (width > 8) {
            throw in.bad("a WebM element has a size of more than 8 bytes");
        }
        long bits = (1L << 7 * width) - 1;
        long size = rest(first, width - 1);
        return size < 0 ? 0 : (size & bits) == bits ? UNKNOWN : size & bits;
    }

    private long rest(int first, int more) throws IOException {
        long value = first;
        for (int i = 0; i < more; i++) {
            int next = in.read();
            if (next < 0) {
                warning = "breaks off within a WebM element";
                return -1;
            }
            value = value << 8 | next;
        }
        return value;
    }

    private void skip(long size) throws IOException {
        if (size == UNKNOWN) {
            throw in.bad("a WebM element that must have a size has none");
        }
        if (!in.skip(size)) {
            warning = "breaks off within a WebM element";
        }
    }

    private byte[] bytes(long size, int most) throws IOException {
        if (size < 0 || size > most) {
            throw in.bad("a WebM field claims %d bytes, want at most %d".formatted(size, most));
        }
        return in.exactly((int) size, "the WebM header");
    }

    private long number(long size) throws IOException {
        return new BigInteger(1, bytes(size, 8)).longValue();
    }
}
