package konsil.media.codec;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.TreeMap;
import konsil.media.codec.Decoded.Colours;

/**
 * JPEG 2000 part 1 (ITU-T T.800), bare or in a JP2 file: both wavelets, tiles, all orders of packets, all styles of
 * code blocks, regions of interest. Not read: packed packet headers, more than 16 bits or 4 components. High-throughput
 * blocks (T.814) are left to {@link OpenJpeg}.
 */
final class Jpeg2000 {
    private static final int SOC = 0xFF4F;
    private static final int CAP = 0xFF50;
    private static final int SIZ = 0xFF51;
    private static final int SOT = 0xFF90;
    private static final int SOD = 0xFF93;
    private static final int EOC = 0xFFD9;
    private static final int CODESTREAM_BOX = 0x6A703263;

    private final Codestream stream;
    private final J2kHeader main;
    private final TreeMap<Integer, Tile> tiles = new TreeMap<>();
    private Optional<J2kSize> size = Optional.empty();
    private boolean highThroughput;
    private boolean clipped;

    /** What tile-parts bring together. */
    private record Tile(J2kHeader header, ByteArrayOutputStream packets) {}

    private Jpeg2000(Codestream stream) {
        this.stream = stream;
        this.main = new J2kHeader(stream, Optional.empty());
    }

    static Decoded decode(Codestream given) {
        int start = start(given);
        Codestream bare = start == 0
                ? given
                : new Codestream(
                        given.name(),
                        java.util.Arrays.copyOfRange(given.bytes(), start, given.bytes().length),
                        given.width(),
                        given.height(),
                        given.components());
        var picture = new Jpeg2000(bare);
        int at = picture.mainHeader();
        if (picture.highThroughput) {
            return OpenJpeg.decode(bare);
        }
        return picture.tiles(at);
    }

    /** Where the code stream begins: behind the boxes of a JP2 file (section I.4), or at once. */
    private static int start(Codestream file) {
        if (file.u16(0) == SOC) {
            return 0;
        }
        long at = 0;
        while (at + 8 <= file.bytes().length) {
            long length = file.u32((int) at);
            if (file.u32((int) at + 4) == CODESTREAM_BOX) {
                return (int) at + (length == 1 ? 16 : 8);
            }
            if (length < 8) {
                break;
            }
            at += length;
        }
        throw file.bad("the JP2 file holds no code stream");
    }

    /** @return where the first tile-part begins */
    private int mainHeader() {
        int at = 2;
        while (true) {
            int marker = stream.u16(at);
            if (marker == SOT) {
                break;
            }
            int end = at + 2 + stream.u16(at + 2);
            if (marker < 0xFF00 || end < at + 4) {
                throw stream.bad("the main header of the JPEG 2000 picture is damaged");
            }
            if (marker == SIZ) {
                size = Optional.of(J2kSize.read(stream, at + 4));
            } else if (marker == CAP) {
                highThroughput = (stream.u32(at + 4) & 0x20000) != 0;
            } else {
                main.read(marker, at + 4, end);
            }
            at = end;
        }
        if (size.isEmpty()) {
            throw stream.bad("the JPEG 2000 picture has no size");
        }
        for (int c = 0; c < size.get().depths().length; c++) {
            highThroughput |= main.coding(c).has(J2kCoding.HIGH_THROUGHPUT);
        }
        return at;
    }

    private Decoded tiles(int from) {
        int at = from;
        while (at + 12 <= stream.bytes().length && stream.u16(at) == SOT) {
            at = tilePart(at);
        }
        J2kSize s = size.orElseThrow();
        int count = s.tilesAcross() * s.tilesDown();
        if (tiles.size() < count) {
            throw stream.cutOff();
        }
        short[] out = new short[stream.samples()];
        for (int index = 0; index < count; index++) {
            Tile tile = tiles.remove(index);
            if (tile == null) {
                throw stream.cutOff();
            }
            new J2kTile(stream, s, tile.header(), index).decode(tile.packets().toByteArray(), clipped, out);
        }
        int bits = 0;
        for (int depth : s.depths()) {
            bits = Math.max(bits, depth);
        }
        boolean colours = s.depths().length == 3 && main.mixesComponents();
        return new Decoded(bits, s.signed()[0], colours ? Colours.RGB : Colours.AS_DECLARED, out);
    }

    /** @return behind the tile-part */
    private int tilePart(int from) {
        int index = stream.u16(from + 4);
        long length = stream.u32(from + 6);
        if (index >= size.orElseThrow().tilesAcross() * size.orElseThrow().tilesDown()) {
            throw stream.bad("the JPEG 2000 picture has a tile outside of it");
        }
        int last = stream.bytes().length;
        long declared = length == 0 ? last : from + length;
        int end = (int) Math.min(declared, last);
        clipped |= declared > last;
        Tile tile = tiles.computeIfAbsent(
                index, _ -> new Tile(new J2kHeader(stream, Optional.of(main)), new ByteArrayOutputStream()));
        int at = from + 12;
        while (stream.u16(at) != SOD) {
            int next = at + 2 + stream.u16(at + 2);
            if (stream.u16(at) < 0xFF00 || next < at + 4 || next > end) {
                throw stream.bad("a tile of the JPEG 2000 picture has a damaged header");
            }
            tile.header().read(stream.u16(at), at + 4, next);
            at = next;
        }
        if (length == 0 && end >= at + 4 && stream.u16(end - 2) == EOC) {
            end -= 2;
        }
        if (end > at + 2) {
            tile.packets().write(stream.bytes(), at + 2, end - at - 2);
        }
        return Math.max(end, at + 2);
    }
}
