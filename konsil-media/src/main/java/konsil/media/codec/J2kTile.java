package konsil.media.codec;

import java.util.ArrayList;
import java.util.List;

/** One tile: from its packets to samples in the picture (ITU-T T.800 annexes E to G). */
final class J2kTile {
    private final Codestream stream;
    private final J2kSize size;
    private final J2kHeader header;
    private final int[] edges;
    private final List<J2kComponent> components = new ArrayList<>();

    J2kTile(Codestream stream, J2kSize size, J2kHeader header, int index) {
        this.stream = stream;
        this.size = size;
        this.header = header;
        this.edges = size.tile(index);
        for (int c = 0; c < size.depths().length; c++) {
            components.add(new J2kComponent(stream, size, header, c, edges));
        }
    }

    /**
     * @param bytes all packets of the tile
     * @param whole whether every packet has to be there; writers may leave the last ones out, damage may not
     * @param out the picture
     */
    void decode(byte[] bytes, boolean whole, short[] out) {
        new J2kPackets(stream, bytes, header, components).read(whole);
        int[][] integers = new int[components.size()][];
        float[][] real = new float[components.size()][];
        for (int c = 0; c < components.size(); c++) {
            J2kComponent component = components.get(c);
            int samples = Math.multiplyExact(component.width(), component.height());
            if (component.coding.reversible()) {
                integers[c] = new int[samples];
            } else {
                real[c] = new float[samples];
            }
            blocks(component, bytes, integers[c], real[c]);
            component.precincts.clear();
            if (component.coding.reversible()) {
                new J2kWavelet(component).reversible(integers[c]);
            } else {
                new J2kWavelet(component).irreversible(real[c]);
            }
            if (!header.mixesComponents()) {
                // One plane of coefficients at a time is all that memory has to hold.
                store(c, integers[c], real[c], out);
                integers[c] = null;
                real[c] = null;
            }
        }
        if (header.mixesComponents()) {
            mix(integers, real);
            for (int c = 0; c < components.size(); c++) {
                store(c, integers[c], real[c], out);
            }
        }
    }

    private void blocks(J2kComponent component, byte[] bytes, int[] whole, float[] real) {
        var decoder = new J2kBlockDecoder(stream, bytes);
        for (J2kPrecinct precinct : component.precincts) {
            for (int b = 0; b < precinct.bands.length; b++) {
                J2kBand band = precinct.bands[b];
                for (J2kBlock block : precinct.parts[b].blocks()) {
                    if (!block.included) {
                        continue;
                    }
                    decoder.decode(block, band, component.coding, band.planes() - block.zeroPlanes);
                    int to = (band.planeY() + block.y0 - band.y0()) * component.width()
                            + band.planeX()
                            + block.x0
                            - band.x0();
                    place(decoder, block, component, new Target(whole, real, to, band.step() * 0.5f));
                }
            }
        }
    }

    private record Target(int[] whole, float[] real, int at, float step) {}

    private void place(J2kBlockDecoder decoder, J2kBlock block, J2kComponent component, Target target) {
        int[] magnitudes = decoder.magnitudes();
        int shift = component.shift();
        for (int y = 0; y < block.height; y++) {
            int to = target.at + y * component.width();
            for (int x = 0; x < block.width; x++) {
                int magnitude = magnitudes[y * block.width + x];
                if (magnitude == 0) {
                    continue;
                }
                if (shift > 0 && magnitude >= 2 << shift) {
                    magnitude >>= shift;
                }
                boolean negative = decoder.isNegative(x, y);
                if (target.whole != null) {
                    target.whole[to + x] = negative ? -(magnitude >> 1) : magnitude >> 1;
                } else {
                    target.real[to + x] = (negative ? -magnitude : magnitude) * target.step;
                }
            }
        }
    }

    /** The inverse transform of the first three components (annex G.2 and G.3). */
    private void mix(int[][] whole, float[][] real) {
        boolean reversible = whole.length >= 3 && whole[0] != null && whole[1] != null && whole[2] != null;
        boolean irreversible = real.length >= 3 && real[0] != null && real[1] != null && real[2] != null;
        if (!reversible && !irreversible || !haveOneSize()) {
            throw stream.bad("the JPEG 2000 picture mixes components that do not go together");
        }
        if (reversible) {
            for (int i = 0; i < whole[0].length; i++) {
                int u = whole[1][i];
                int v = whole[2][i];
                int green = whole[0][i] - (u + v >> 2);
                whole[0][i] = v + green;
                whole[1][i] = green;
                whole[2][i] = u + green;
            }
            return;
        }
        for (int i = 0; i < real[0].length; i++) {
            float y = real[0][i];
            float cb = real[1][i];
            float cr = real[2][i];
            real[0][i] = y + 1.402f * cr;
            real[1][i] = y - 0.34413f * cb - 0.71414f * cr;
            real[2][i] = y + 1.772f * cb;
        }
    }

    private boolean haveOneSize() {
        for (int c = 1; c < 3; c++) {
            if (components.get(c).width() != components.getFirst().width()
                    || components.get(c).height() != components.getFirst().height()) {
                return false;
            }
        }
        return true;
    }

    private void store(int c, int[] whole, float[] real, short[] out) {
        J2kComponent component = components.get(c);
        int depth = size.depths()[c];
        boolean signed = size.signed()[c];
        int least = signed ? -1 << (depth - 1) : 0;
        int most = signed ? (1 << (depth - 1)) - 1 : (1 << depth) - 1;
        int middle = signed ? 0 : 1 << (depth - 1);
        int count = components.size();
        int last = (whole == null ? real.length : whole.length) - 1;
        if (last < 0) {
            throw stream.bad("a tile of the JPEG 2000 picture holds no sample of a component");
        }
        for (int y = edges[1]; y < edges[3]; y++) {
            int row = (Math.max(y / size.dy()[c], component.edges[1]) - component.edges[1]) * component.width();
            int to = ((y - size.y0()) * stream.width() + edges[0] - size.x0()) * count + c;
            for (int x = edges[0]; x < edges[2]; x++, to += count) {
                int column = size.dx()[c] == 1 ? x : Math.max(x / size.dx()[c], component.edges[0]);
                int from = Math.min(row + column - component.edges[0], last);
                int value = whole == null ? (int) Math.rint(real[from]) : whole[from];
                out[to] = (short) Math.clamp((long) value + middle, least, most);
            }
        }
    }
}
