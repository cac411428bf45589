package konsil.media.audio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;

/** Opus in Ogg (RFC 3533, RFC 7845): the first Opus stream, and those chained behind it; others are gone over. */
final class OggPackets implements OpusPackets {
    private static final int[] CRC = new int[256];
    private static final int CONTINUED = 1;
    private static final int BEGINS = 2;
    private static final int ENDS = 4;
    /** A 120 ms packet of 48 frames has at most 61,298 bytes (RFC 7845, 6); tags may be longer. */
    private static final int LONGEST = 1 << 24;

    static {
        for (int i = 0; i < 256; i++) {
            int crc = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc << 1 ^ (crc < 0 ? 0x04C11DB7 : 0);
            }
            CRC[i] = crc;
        }
    }

    private final AudioBytes in;
    private final ArrayDeque<OpusPacket> ready = new ArrayDeque<>();
    private final ByteArrayOutputStream part = new ByteArrayOutputStream();
    private boolean open;
    private boolean lost;
    private boolean tagsFollow;
    private int serial;
    private int sequence;
    private long granule;
    private String warning = "";

    private OggPackets(AudioBytes in) {
        this.in = in;
    }

    static OggPackets open(AudioBytes in) throws IOException {
        var packets = new OggPackets(in);
        while (packets.ready.isEmpty()) {
            if (!packets.page()) {
                throw in.bad(
                        "Ogg without Opus (Vorbis, Speex, FLAC or video); convert it with: ffmpeg -i FILE sound.wav");
            }
        }
        return packets;
    }

    @Override
    public Optional<OpusPacket> next() throws IOException {
        while (ready.isEmpty()) {
            if (!page()) {
                if (open && warning.isEmpty()) {
                    warning = "breaks off: the last Ogg page is missing";
                }
                return Optional.empty();
            }
        }
        return Optional.of(ready.poll());
    }

    @Override
    public Optional<String> warning() {
        return warning.isEmpty() ? Optional.empty() : Optional.of(warning);
    }

    /** Reads a page. False: the file ends, maybe within it. */
    private boolean page() throws IOException {
        byte[] header = new byte[27];
        int got = in.upTo(header, 27);
        if (got < 27) {
            warning = got == 0 ? warning : "breaks off within an Ogg page";
            return false;
        }
        if (!new String(header, 0, 4, StandardCharsets.ISO_8859_1).equals("OggS") || header[4] != 0) {
            throw in.bad("no Ogg page where one should start");
        }
        byte[] sizes = new byte[header[26] & 0xFF];
        int length = 0;
        boolean whole = in.upTo(sizes, sizes.length) == sizes.length;
        for (byte size : sizes) {
            length += size & 0xFF;
        }
        byte[] body = new byte[length];
        if (!whole || in.upTo(body, length) < length) {
            warning = "breaks off within an Ogg page";
            return false;
        }
        var h = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        int sum = h.getInt(22);
        h.putInt(22, 0);
        if (crc(crc(crc(0, header), sizes), body) != sum) {
            throw in.bad("wrong checksum of an Ogg page");
        }
        accept(h, sizes, body);
        return true;
    }

    private static int crc(int start, byte[] bytes) {
        int crc = start;
        for (byte b : bytes) {
            crc = crc << 8 ^ CRC[crc >>> 24 ^ b & 0xFF];
        }
        return crc;
    }

    private void accept(ByteBuffer header, byte[] sizes, byte[] body) {
        int flags = header.get(5);
        int owner = header.getInt(14);
        if ((flags & BEGINS) != 0 && !open && isOpus(body)) {
            open = true;
            serial = owner;
            granule = 0;
            sequence = header.getInt(18);
            tagsFollow = true;
            lost = false;
            part.reset();
            ready.add(new OpusPacket(body, 0, true));
            return;
        }
        if (!open || owner != serial) {
            return;
        }
        if (header.getInt(18) != ++sequence) {
            sequence = header.getInt(18);
            warning = "an Ogg page is missing";
            part.reset();
            lost = true;
        }
        lost &= (flags & CONTINUED) != 0;
        if ((flags & CONTINUED) == 0) {
            part.reset();
        }
        boolean last = (flags & ENDS) != 0;
        long position = header.getLong(6);
        split(sizes, body, last && position >= granule ? position - granule : Long.MAX_VALUE);
        granule = position >= 0 ? position : granule;
        open = !last;
    }

    private static boolean isOpus(byte[] body) {
        return body.length >= 8 && new String(body, 0, 8, StandardCharsets.ISO_8859_1).equals("OpusHead");
    }

    /** @param room how many samples of this page count: on the last page the granule position tells the end */
    private void split(byte[] sizes, byte[] body, long room) {
        long left = room;
        int at = 0;
        for (byte lace : sizes) {
            int size = lace & 0xFF;
            part.write(body, at, size);
            at += size;
            if (part.size() > LONGEST) {
                throw in.bad("an Ogg packet is longer than %d bytes".formatted(LONGEST));
            }
            if (size < 255) {
                if (lost) {
                    lost = false;
                } else if (tagsFollow) {
                    tagsFollow = false;
                } else {
                    var packet = new OpusPacket(part.toByteArray(), left, false);
                    ready.add(packet);
                    left = Math.max(0, left - packet.samples());
                }
                part.reset();
            }
        }
    }
}
