package konsil.media.codec;

import java.util.ArrayList;
import java.util.List;

/** A component of a tile: its resolutions, bands, precincts and code blocks (ITU-T T.800 annex B). */
final class J2kComponent {
    /** Code blocks and precincts of a tile; a picture with more is made to take memory. */
    private static final int MAX_PARTS = 1 << 21;

    final J2kCoding coding;
    final int[] edges;
    final List<J2kPrecinct> precincts = new ArrayList<>();

    private final Codestream stream;
    private final J2kQuantisation quantisation;
    private final int number;
    private final int[] tile;
    private final int dx;
    private final int dy;
    private final int shift;
    private final int depth;
    private int parts;

    J2kComponent(Codestream stream, J2kSize size, J2kHeader header, int number, int[] tile) {
        this.stream = stream;
        this.coding = header.coding(number);
        this.quantisation = header.quantisation(number);
        this.number = number;
        this.tile = tile;
        this.dx = size.dx()[number];
        this.dy = size.dy()[number];
        this.shift = header.shift(number);
        this.depth = size.depths()[number];
        this.edges = new int[] {
            Math.ceilDiv(tile[0], dx), Math.ceilDiv(tile[1], dy), Math.ceilDiv(tile[2], dx), Math.ceilDiv(tile[3], dy)
        };
        for (int r = 0; r <= coding.levels(); r++) {
            addPrecincts(r);
        }
    }

    int width() {
        return edges[2] - edges[0];
    }

    int height() {
        return edges[3] - edges[1];
    }

    /** Bits by which a region of interest is lifted. */
    int shift() {
        return shift;
    }

    /** Edges of a resolution. */
    int[] resolution(int r) {
        int down = coding.levels() - r;
        return new int[] {
            ceilShift(edges[0], down), ceilShift(edges[1], down), ceilShift(edges[2], down), ceilShift(edges[3], down)
        };
    }

    private static int ceilShift(long value, int bits) {
        return (int) (value + (1L << bits) - 1 >> bits);
    }

    private J2kBand[] bands(int r) {
        if (r == 0) {
            int[] e = resolution(0);
            return new J2kBand[] {band(0, 0, e, 0, 0)};
        }
        int[] lower = resolution(r - 1);
        int level = coding.levels() - r + 1;
        var bands = new J2kBand[3];
        for (int o = 1; o <= 3; o++) {
            long offX = (o & 1) == 0 ? 0 : 1L << (level - 1);
            long offY = (o & 2) == 0 ? 0 : 1L << (level - 1);
            int[] e = {
                ceilShift(edges[0] - offX, level),
                ceilShift(edges[1] - offY, level),
                ceilShift(edges[2] - offX, level),
                ceilShift(edges[3] - offY, level)
            };
            int planeX = (o & 1) == 0 ? 0 : lower[2] - lower[0];
            int planeY = (o & 2) == 0 ? 0 : lower[3] - lower[1];
            bands[o - 1] = band(3 * (r - 1) + o, o, e, planeX, planeY);
        }
        return bands;
    }

    private J2kBand band(int index, int orientation, int[] e, int planeX, int planeY) {
        int exponent = quantisation.exponent(index);
        if (exponent < 0) {
            throw stream.bad("the JPEG 2000 picture has too few step sizes");
        }
        int planes = quantisation.guard() + exponent - 1 + shift;
        float step = 1;
        if (!coding.reversible()) {
            int gain = orientation == 0 ? 0 : orientation == 3 ? 2 : 1;
            double mantissa = quantisation.style() == 0 ? 0 : quantisation.mantissa(index) / 2048.0;
            step = (float) Math.scalb(1 + mantissa, depth + gain - exponent);
        }
        return new J2kBand(orientation, e[0], e[1], e[2], e[3], planeX, planeY, planes, step);
    }

    private void addPrecincts(int r) {
        int[] e = resolution(r);
        if (e[2] <= e[0] || e[3] <= e[1]) {
            return;
        }
        J2kBand[] bands = bands(r);
        int pw = coding.precinctWidth(r);
        int ph = coding.precinctHeight(r);
        int firstX = e[0] >> pw;
        int firstY = e[1] >> ph;
        int across = ceilShift(e[2], pw) - firstX;
        int down = ceilShift(e[3], ph) - firstY;
        int level = coding.levels() - r;
        for (int py = 0; py < down; py++) {
            for (int px = 0; px < across; px++) {
                count(1);
                long x = Math.max(tile[0], ((long) (firstX + px) << pw + level) * dx);
                long y = Math.max(tile[1], ((long) (firstY + py) << ph + level) * dy);
                var parts = new J2kPrecinct.Part[bands.length];
                for (int b = 0; b < bands.length; b++) {
                    parts[b] = part(bands[b], r, firstX + px, firstY + py);
                }
                int[] place = {number, r, py * across + px};
                precincts.add(new J2kPrecinct(place, new long[] {x, y}, bands, parts));
            }
        }
    }

    private void count(long more) {
        if (more > MAX_PARTS || (parts += (int) more) > MAX_PARTS) {
            throw stream.bad("the JPEG 2000 picture has more than %d code blocks in a tile".formatted(MAX_PARTS));
        }
    }

    private J2kPrecinct.Part part(J2kBand band, int r, int px, int py) {
        int half = r > 0 ? 1 : 0;
        int pw = coding.precinctWidth(r) - half;
        int ph = coding.precinctHeight(r) - half;
        int x0 = (int) Math.max(band.x0(), (long) px << pw);
        int y0 = (int) Math.max(band.y0(), (long) py << ph);
        int x1 = (int) Math.min(band.x1(), (long) (px + 1) << pw);
        int y1 = (int) Math.min(band.y1(), (long) (py + 1) << ph);
        if (x1 <= x0 || y1 <= y0) {
            return new J2kPrecinct.Part(0, 0, new J2kBlock[0], new TagTree(0, 0), new TagTree(0, 0));
        }
        int bw = Math.min(coding.blockWidth(), pw);
        int bh = Math.min(coding.blockHeight(), ph);
        int firstX = x0 >> bw;
        int firstY = y0 >> bh;
        int across = ceilShift(x1, bw) - firstX;
        int down = ceilShift(y1, bh) - firstY;
        count((long) across * down);
        var blocks = new J2kBlock[across * down];
        for (int i = 0; i < blocks.length; i++) {
            int bx = firstX + i % across;
            int by = firstY + i / across;
            blocks[i] = new J2kBlock(
                    Math.max(x0, bx << bw),
                    Math.max(y0, by << bh),
                    Math.min(x1, bx + 1 << bw),
                    Math.min(y1, by + 1 << bh));
        }
        return new J2kPrecinct.Part(across, down, blocks, new TagTree(across, down), new TagTree(across, down));
    }
}
