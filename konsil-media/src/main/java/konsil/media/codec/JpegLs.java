package konsil.media.codec;

import konsil.media.codec.Decoded.Colours;

/**
 * JPEG-LS (ITU-T T.87), lossless and near-lossless, components one after the other, by rows or by pixels. Not read:
 * mapping tables, sub-sampled components, point transforms, colour transforms of other makers.
 */
final class JpegLs {
    private static final int SOF55 = 0xF7;
    private static final int LSE = 0xF8;
    private static final int SOS = 0xDA;
    private static final int DRI = 0xDD;
    private static final int EOI = 0xD9;
    private static final int APP8 = 0xE8;

    private final Codestream stream;
    private final int[] presets = new int[5];
    private int bits;
    private int[] ids = new int[0];
    private int restart;
    private int found;
    private short[] samples = new short[0];

    JpegLs(Codestream stream) {
        this.stream = stream;
    }

    Decoded decode() {
        int at = 2;
        while (at + 4 <= stream.bytes().length && found < Math.max(1, ids.length)) {
            int marker = stream.u8(at + 1);
            if (stream.u8(at) != 0xFF || marker == 0xFF) {
                at++;
                continue;
            }
            if (marker == EOI) {
                break;
            }
            int end = at + 2 + stream.u16(at + 2);
            at = segment(marker, at + 4, end);
        }
        if (ids.length == 0 || found < ids.length) {
            throw stream.cutOff();
        }
        return new Decoded(bits, false, Colours.AS_DECLARED, samples);
    }

    private int segment(int marker, int at, int end) {
        switch (marker) {
            case SOF55 -> frame(at);
            case LSE -> extension(at);
            case DRI -> restart = (int) (end - at == 2 ? stream.u16(at) : stream.u32(at));
            case APP8 -> {
                if (end - at >= 5 && stream.u32(at) == 0x6D726678 && stream.u8(at + 4) != 0) {
                    throw stream.bad("the JPEG-LS stream has a colour transform of its maker, which is not read");
                }
            }
            case SOS -> {
                return scan(at, end);
            }
            default -> {
                // Comments and other applications' data say nothing of the samples.
            }
        }
        return end;
    }

    private void frame(int at) {
        bits = stream.u8(at);
        int count = stream.u8(at + 5);
        if (bits < 2 || bits > 16 || ids.length > 0) {
            throw stream.bad("the JPEG-LS stream has %d bits, want 2 to 16, and one frame".formatted(bits));
        }
        stream.requireSize(stream.u16(at + 3), stream.u16(at + 1), count);
        ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = stream.u8(at + 6 + 3 * i);
            if (stream.u8(at + 7 + 3 * i) != 0x11) {
                throw stream.bad("the JPEG-LS stream has sub-sampled components, which is not read");
            }
        }
        samples = new short[stream.samples()];
    }

    private void extension(int at) {
        if (stream.u8(at) != 1) {
            throw stream.bad("the JPEG-LS stream has a mapping table or extended size, which is not read");
        }
        for (int i = 0; i < 5; i++) {
            presets[i] = stream.u16(at + 1 + 2 * i);
        }
    }

    private int scan(int at, int end) {
        int count = stream.u8(at);
        if (ids.length == 0 || count < 1 || found + count > ids.length) {
            throw stream.bad("a scan of the JPEG-LS stream has %d components".formatted(count));
        }
        int[] targets = new int[count];
        for (int i = 0; i < count; i++) {
            targets[i] = component(stream.u8(at + 1 + 2 * i));
            if (stream.u8(at + 2 + 2 * i) != 0) {
                throw stream.bad("the JPEG-LS stream has a mapping table, which is not read");
            }
        }
        int rest = at + 1 + 2 * count;
        int interleave = stream.u8(rest + 1);
        if (stream.u8(rest + 2) != 0 || interleave > 2 || interleave == 0 && count > 1) {
            throw stream.bad("the JPEG-LS stream has interleaving %d or a point transform".formatted(interleave));
        }
        var chosen = JpegLsPresets.of(presets, bits, stream.u8(rest));
        if (!chosen.isPossible(bits)) {
            throw stream.bad("the JPEG-LS stream has impossible parameters");
        }
        var in = new JpegLsBits(stream, end);
        new JpegLsScan(stream, in, chosen, count).read(interleave == 2, restart, (row, i, line) -> {
            int to = row * stream.width() * ids.length + targets[i];
            for (int x = 1; x <= stream.width(); x++, to += ids.length) {
                samples[to] = (short) line[x];
            }
        });
        found += count;
        return in.end();
    }

    private int component(int id) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                return i;
            }
        }
        throw stream.bad("a scan of the JPEG-LS stream names a component that is not there");
    }
}
