package konsil.media.codec;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Reads a tile's packets in their order (ITU-T T.800 sections B.10 and B.12) and hands code blocks their pieces. */
final class J2kPackets {
    private static final int SOP = 0xFF91;
    private static final int EPH = 0xFF92;

    private final Codestream stream;
    private final byte[] bytes;
    private final J2kHeader header;
    private final List<J2kComponent> components;
    private int at;

    J2kPackets(Codestream stream, byte[] bytes, J2kHeader header, List<J2kComponent> components) {
        this.stream = stream;
        this.bytes = bytes;
        this.header = header;
        this.components = components;
    }

    /** @throws konsil.media.BadMediaException when packets are wanted that are not there */
    void read(boolean whole) {
        inOrder();
        boolean missing = components.stream()
                .flatMap(component -> component.precincts.stream())
                .anyMatch(precinct -> precinct.nextLayer < header.layers());
        if (whole && missing) {
            throw stream.cutOff();
        }
    }

    private void inOrder() {
        for (J2kHeader.Progression part : header.progressions()) {
            int layers = Math.min(part.layers(), header.layers());
            switch (part.order()) {
                case 0 -> byLayer(part, layers);
                case 1 -> byResolution(part, layers);
                case 2 -> byPlace(part, layers, Comparator.comparingInt(p -> p.resolution));
                case 3 -> byPlace(part, layers, Comparator.comparingInt(_ -> 0));
                case 4 -> byPlace(part, layers, Comparator.comparingInt(p -> p.component));
                default -> throw stream.bad("the JPEG 2000 picture has packets in an unknown order");
            }
        }
    }

    private Stream<J2kPrecinct> precincts(J2kHeader.Progression part) {
        return components.stream()
                .flatMap(component -> component.precincts.stream())
                .filter(p -> p.resolution >= part.firstResolution()
                        && p.resolution < part.resolutions()
                        && p.component >= part.firstComponent()
                        && p.component < part.components());
    }

    private void byLayer(J2kHeader.Progression part, int layers) {
        var inOrder = sorted(part, Comparator.comparingInt(p -> p.resolution));
        for (int layer = 0; layer < layers && at < bytes.length; layer++) {
            for (J2kPrecinct precinct : inOrder) {
                packet(precinct, layer);
            }
        }
    }

    private List<J2kPrecinct> sorted(J2kHeader.Progression part, Comparator<J2kPrecinct> first) {
        return precincts(part)
                .sorted(first.thenComparingInt(p -> p.component).thenComparingInt(p -> p.index))
                .toList();
    }

    private void byResolution(J2kHeader.Progression part, int layers) {
        for (int r = part.firstResolution(); r < Math.min(33, part.resolutions()); r++) {
            int resolution = r;
            var inOrder = sorted(part, Comparator.comparingInt(p -> p.resolution)).stream()
                    .filter(p -> p.resolution == resolution)
                    .toList();
            for (int layer = 0; layer < layers && !inOrder.isEmpty() && at < bytes.length; layer++) {
                for (J2kPrecinct precinct : inOrder) {
                    packet(precinct, layer);
                }
            }
        }
    }

    /** Orders that go by place: rows, then columns, then what is left. */
    private void byPlace(J2kHeader.Progression part, int layers, Comparator<J2kPrecinct> first) {
        var order = first.thenComparingLong(p -> p.y)
                .thenComparingLong(p -> p.x)
                .thenComparingInt(p -> p.component)
                .thenComparingInt(p -> p.resolution)
                .thenComparingInt(p -> p.index);
        for (J2kPrecinct precinct : precincts(part).sorted(order).toList()) {
            for (int layer = 0; layer < layers && at < bytes.length; layer++) {
                packet(precinct, layer);
            }
        }
    }

    private void packet(J2kPrecinct precinct, int layer) {
        if (layer < precinct.nextLayer) {
            return;
        }
        precinct.nextLayer = layer + 1;
        if (at + 6 <= bytes.length && u16(at) == SOP) {
            at += 6;
        }
        if (at >= bytes.length) {
            throw stream.cutOff();
        }
        var bits = new J2kHeaderBits(stream, bytes, at);
        boolean full = bits.bit() == 1;
        J2kCoding coding = components.get(precinct.component).coding;
        var news = new News();
        for (int b = 0; full && b < precinct.parts.length; b++) {
            part(bits, precinct.parts[b], new Where(precinct.bands[b], coding, layer), news);
        }
        at = bits.end();
        if (at + 2 <= bytes.length && u16(at) == EPH) {
            at += 2;
        }
        news.deliver();
    }

    private record Where(J2kBand band, J2kCoding coding, int layer) {}

    private int u16(int place) {
        return (bytes[place] & 0xFF) << 8 | bytes[place + 1] & 0xFF;
    }

    private void part(J2kHeaderBits bits, J2kPrecinct.Part part, Where where, News news) {
        for (int i = 0; i < part.blocks().length; i++) {
            J2kBlock block = part.blocks()[i];
            int x = i % part.across();
            int y = i / part.across();
            boolean comes = block.included ? bits.bit() == 1 : part.inclusion().below(bits, x, y, where.layer() + 1);
            if (!comes) {
                continue;
            }
            if (!block.included) {
                block.included = true;
                while (!part.zeroPlanes().below(bits, x, y, block.zeroPlanes + 1)) {
                    block.zeroPlanes++;
                    if (block.zeroPlanes > 80) {
                        throw stream.bad("a code block of the JPEG 2000 picture has too many empty bit planes");
                    }
                }
            }
            lengths(bits, block, where.coding(), news);
        }
    }

    private void lengths(J2kHeaderBits bits, J2kBlock block, J2kCoding coding, News news) {
        int passes = passes(bits);
        while (bits.bit() == 1) {
            block.lengthBits++;
        }
        while (passes > 0) {
            int last = block.segmentCount - 1;
            if (last < 0 || block.segments[2 * last] == J2kBlock.mostPasses(coding, last)) {
                block.addSegment();
                last++;
            }
            int taken = Math.min(passes, J2kBlock.mostPasses(coding, last) - block.segments[2 * last]);
            int width = block.lengthBits + 31 - Integer.numberOfLeadingZeros(taken);
            if (width > 31) {
                throw stream.bad("a code block of the JPEG 2000 picture has an impossible length");
            }
            int length = bits.bits(width);
            if (length > bytes.length) {
                throw stream.cutOff();
            }
            block.segments[2 * last] += taken;
            block.segments[2 * last + 1] += length;
            news.add(block, length);
            passes -= taken;
        }
    }

    /** Table B.4. */
    private static int passes(J2kHeaderBits bits) {
        if (bits.bit() == 0) {
            return 1;
        }
        if (bits.bit() == 0) {
            return 2;
        }
        int two = bits.bits(2);
        if (two < 3) {
            return 3 + two;
        }
        int five = bits.bits(5);
        return five < 31 ? 6 + five : 37 + bits.bits(7);
    }

    /** Pieces that a packet's header announces, in the order in which they follow it. */
    private final class News {
        private final java.util.ArrayList<J2kBlock> blocks = new java.util.ArrayList<>();
        private int[] lengths = new int[16];

        void add(J2kBlock block, int length) {
            if (lengths.length == blocks.size()) {
                lengths = java.util.Arrays.copyOf(lengths, 2 * lengths.length);
            }
            lengths[blocks.size()] = length;
            blocks.add(block);
        }

        void deliver() {
            for (int i = 0; i < blocks.size(); i++) {
                if (lengths[i] > bytes.length - at) {
                    throw stream.cutOff();
                }
                blocks.get(i).addPiece(at, lengths[i]);
                at += lengths[i];
            }
        }
    }
}
