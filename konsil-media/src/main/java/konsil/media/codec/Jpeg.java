package konsil.media.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import konsil.media.codec.Decoded.Colours;

/**
 * JPEG with Huffman codes (ITU-T T.81): baseline, extended sequential and progressive of 8 and 12 bits, lossless of 2
 * to 16 bits. Not read: arithmetic codes, hierarchical pictures. The inverse transform and the widening of colours
 * round as libjpeg's slow integer transform does; components are left as they are.
 */
final class Jpeg {
    private static final int MAX_SCANS = 200;
    private static final int PROGRESSIVE = 0xC2;
    private static final int LOSSLESS = 0xC3;
    private static final int DHT = 0xC4;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int DQT = 0xDB;
    private static final int DRI = 0xDD;
    private static final int APP14 = 0xEE;

    /** A scan's header (section B.2.3). */
    record Scan(
            List<JpegComponent> components,
            JpegHuffman[] dc,
            JpegHuffman[] ac,
            int start,
            int end,
            int high,
            int low,
            int restart) {
        /** The same for a sequential picture, where writers put anything for the band. */
        Scan whole() {
            return new Scan(components, dc, ac, 0, 63, 0, 0, restart);
        }
    }

    /** What becomes of scans. */
    sealed interface Scans permits JpegDct, JpegLossless {
        /** Takes one scan. */
        void read(Scan scan, JpegBits bits);

        /** All samples, one pixel after the other. */
        short[] samples();
    }

    private final Codestream stream;
    private final JpegHuffman[] dc = new JpegHuffman[4];
    private final JpegHuffman[] ac = new JpegHuffman[4];
    private final int[][] quantisation = new int[4][];
    private List<JpegComponent> components = List.of();
    private Scans scans;
    private int bits;
    private int restart;
    private int scanCount;
    private boolean progressive;
    private boolean ended;
    private OptionalInt adobe = OptionalInt.empty();

    Jpeg(Codestream stream) {
        this.stream = stream;
    }

    Decoded decode() {
        int at = 2;
        while (at + 2 <= stream.bytes().length) {
            int marker = stream.u8(at + 1);
            if (stream.u8(at) != 0xFF || marker == 0 || marker == 0xFF) {
                at++;
                continue;
            }
            if (marker == EOI) {
                ended = true;
                break;
            }
            at = marker >= 0xD0 && marker <= 0xD8 || marker == 1 ? at + 2 : segment(marker, at + 2);
        }
        // Without its last scans a progressive picture looks whole and is not.
        if (scanCount == 0 || progressive && !ended) {
            throw stream.cutOff();
        }
        return new Decoded(bits, false, colours(), scans.samples());
    }

    private Colours colours() {
        if (components.size() != 3) {
            return Colours.AS_DECLARED;
        }
        if (adobe.isPresent()) {
            return adobe.getAsInt() == 0 ? Colours.RGB : Colours.YBR;
        }
        boolean named = components.get(0).id() == 'R' && components.get(1).id() == 'G';
        boolean halved = components.get(0).h() > components.get(1).h();
        return named ? Colours.RGB : halved ? Colours.YBR : Colours.AS_DECLARED;
    }

    /** @return behind the segment, and behind the scan that it begins */
    private int segment(int marker, int at) {
        int length = stream.u16(at);
        if (length < 2) {
            throw stream.bad("a JPEG segment says that it is %d bytes long".formatted(length));
        }
        int end = at + length;
        switch (marker) {
            case DHT -> huffman(at + 2, end);
            case DQT -> quantisation(at + 2, end);
            case DRI -> restart = stream.u16(at + 2);
            case APP14 -> {
                if (length >= 14 && stream.u32(at + 2) == 0x41646F62) {
                    adobe = OptionalInt.of(stream.u8(at + 13));
                }
            }
            case SOS -> {
                return scan(at);
            }
            default -> {
                if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC8 && marker != 0xCC) {
                    frame(marker, at + 2);
                }
            }
        }
        return end;
    }

    private void huffman(int from, int end) {
        int at = from;
        while (at < end) {
            int which = stream.u8(at);
            if ((which & 0xEC) != 0) {
                throw stream.bad("a Huffman table of the JPEG has an impossible number");
            }
            var table = new JpegHuffman(stream, at + 1);
            (which < 16 ? dc : ac)[which & 3] = table;
            at += 1 + table.size();
        }
    }

    private void quantisation(int from, int end) {
        int at = from;
        while (at < end) {
            int which = stream.u8(at++);
            if ((which & 0xEC) != 0) {
                throw stream.bad("a quantisation table of the JPEG has an impossible number");
            }
            int width = which < 16 ? 1 : 2;
            int[] table = new int[64];
            for (int i = 0; i < 64; i++, at += width) {
                table[JpegDct.natural(i)] = width == 1 ? stream.u8(at) : stream.u16(at);
            }
            quantisation[which & 3] = table;
        }
    }

    private void frame(int marker, int at) {
        if (marker > LOSSLESS || scans != null) {
            throw stream.bad(
                    scans != null
                            ? "the JPEG has two frames"
                            : "this kind of JPEG is not read (marker 0x%02X): arithmetic codes or several layers"
                                    .formatted(marker));
        }
        bits = stream.u8(at);
        int height = stream.u16(at + 1);
        int width = stream.u16(at + 3);
        int count = stream.u8(at + 5);
        stream.requireSize(width, height, count);
        boolean lossless = marker == LOSSLESS;
        progressive = marker == PROGRESSIVE;
        if (lossless ? bits < 2 || bits > 16 : bits != 8 && bits != 12) {
            throw stream.bad("the JPEG has %d bits, want %s".formatted(bits, lossless ? "2 to 16" : "8 or 12"));
        }
        components = components(at + 6, count);
        scans = lossless
                ? new JpegLossless(stream, bits, components)
                : new JpegDct(stream, bits, components, progressive, quantisation);
    }

    private List<JpegComponent> components(int at, int count) {
        int maxH = 1;
        int maxV = 1;
        for (int i = 0; i < count; i++) {
            int h = stream.u8(at + 3 * i + 1) >> 4;
            int v = stream.u8(at + 3 * i + 1) & 15;
            if (h < 1 || h > 4 || v < 1 || v > 4 || stream.u8(at + 3 * i + 2) > 3) {
                throw stream.bad("a component of the JPEG is impossible");
            }
            maxH = Math.max(maxH, h);
            maxV = Math.max(maxV, v);
        }
        var found = new ArrayList<JpegComponent>();
        for (int i = 0; i < count; i++) {
            int h = stream.u8(at + 3 * i + 1) >> 4;
            int v = stream.u8(at + 3 * i + 1) & 15;
            found.add(new JpegComponent(
                    i,
                    stream.u8(at + 3 * i),
                    h,
                    v,
                    stream.u8(at + 3 * i + 2),
                    Math.ceilDiv(stream.width() * h, maxH),
                    Math.ceilDiv(stream.height() * v, maxV),
                    Math.ceilDiv(stream.width(), 8 * maxH) * h,
                    Math.ceilDiv(stream.height(), 8 * maxV) * v));
        }
        return found;
    }

    private int scan(int at) {
        if (scans == null || ++scanCount > MAX_SCANS) {
            throw stream.bad(scans == null ? "the JPEG has a scan before its frame" : "the JPEG has too many scans");
        }
        int count = stream.u8(at + 2);
        if (count < 1 || count > components.size()) {
            throw stream.bad("a scan of the JPEG has %d components".formatted(count));
        }
        var chosen = new ArrayList<JpegComponent>();
        var scanDc = new JpegHuffman[count];
        var scanAc = new JpegHuffman[count];
        for (int i = 0; i < count; i++) {
            int id = stream.u8(at + 3 + 2 * i);
            int tables = stream.u8(at + 4 + 2 * i);
            components.stream()
                    .filter(c -> c.id() == id && !chosen.contains(c))
                    .findFirst()
                    .ifPresent(chosen::add);
            if (chosen.size() != i + 1 || (tables & 0xCC) != 0) {
                throw stream.bad("a scan of the JPEG names what is not there");
            }
            scanDc[i] = dc[tables >> 4];
            scanAc[i] = ac[tables & 15];
        }
        int rest = at + 3 + 2 * count;
        int bitsAt = stream.u8(rest + 2);
        var scan = new Scan(
                chosen, scanDc, scanAc, stream.u8(rest), stream.u8(rest + 1), bitsAt >> 4, bitsAt & 15, restart);
        var entropy = new JpegBits(stream, at + stream.u16(at));
        scans.read(scan, entropy);
        return entropy.end();
    }
}
