package konsil.media.audio;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Opus (RFC 6716, RFC 7845), always decoded at 48 kHz: Concentus 1.0.2 is silent at 16 kHz in hybrid mode. The first
 * samples that the header calls pre-skip are dropped, and those beyond the end that the container states.
 */
final class OpusStream extends BlockStream {
    private static final int RATE = 48_000;

    private final OpusPackets packets;
    private final AudioLimits limits;
    private final short[] decoded = new short[2 * OpusPacket.MOST_SAMPLES];
    private final float[] mono = new float[OpusPacket.MOST_SAMPLES];
    private OpusDecoder decoder;
    private int channels;
    private int skip;

    private OpusStream(AudioBytes in, OpusPackets packets, AudioLimits limits) {
        super(in, RATE);
        this.packets = packets;
        this.limits = limits;
    }

    static OpusStream open(AudioBytes in, OpusPackets packets, AudioLimits limits) throws IOException {
        var stream = new OpusStream(in, packets, limits);
        Optional<OpusPacket> head = packets.next();
        if (head.isEmpty() || !head.get().start()) {
            throw in.bad("no Opus header at the start");
        }
        stream.begin(head.get().bytes());
        return stream;
    }

    private void begin(byte[] head) {
        if (head.length < 19 || !new String(head, 0, 8, StandardCharsets.ISO_8859_1).equals("OpusHead")) {
            throw in.bad("the Opus header is damaged");
        }
        var h = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        channels = head[9] & 0xFF;
        limits.check(in, channels, RATE);
        if ((head[8] & 0xF0) != 0 || head[18] != 0 || channels > 2) {
            throw in.bad(("Opus version %d, mapping %d, %d channels; want mono or stereo;"
                            + " convert it with: ffmpeg -i FILE -ac 1 sound.wav")
                    .formatted(head[8], head[18], channels));
        }
        skip = h.getShort(10) & 0xFFFF;
        try {
            decoder = new OpusDecoder(RATE, channels);
        } catch (OpusException impossible) {
            throw new IllegalStateException(impossible);
        }
        decoder.setGain(h.getShort(16));
    }

    @Override
    boolean decode() throws IOException {
        Optional<OpusPacket> next = packets.next();
        if (next.isEmpty()) {
            packets.warning().ifPresent(this::warn);
            return false;
        }
        OpusPacket packet = next.get();
        if (packet.start()) {
            begin(packet.bytes());
            return true;
        }
        if (packet.samples() == 0) {
            throw in.bad("an Opus packet is empty or damaged");
        }
        int n = samples(packet.bytes());
        for (int i = 0; i < n; i++) {
            mono[i] = channels == 1 ? decoded[i] / 32768f : (decoded[2 * i] + decoded[2 * i + 1]) / 65536f;
        }
        int first = Math.min(skip, n);
        skip -= first;
        give(mono, first, (int) Math.max(first, Math.min(n, packet.keep())));
        return true;
    }

    private int samples(byte[] packet) {
        try {
            return decoder.decode(packet, 0, packet.length, decoded, 0, OpusPacket.MOST_SAMPLES, false);
        } catch (OpusException | RuntimeException | AssertionError broken) {
            throw new konsil.media.BadMediaException(in.name(), "an Opus packet is damaged", broken);
        }
    }

    /** Unknown before its end. */
    @Override
    public OptionalLong length() {
        return OptionalLong.empty();
    }
}
