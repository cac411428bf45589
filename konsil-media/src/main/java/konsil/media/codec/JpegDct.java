package konsil.media.codec;

import java.util.List;

/** Coefficients of sequential and progressive scans (ITU-T T.81 annexes F and G), gathered scan by scan. */
final class JpegDct implements Jpeg.Scans {
    private static final byte[] NATURAL = natural();

    private final Codestream stream;
    private final int bits;
    private final boolean progressive;
    private final List<JpegComponent> components;
    private final int[][] quantisation;
    private final int[][] tables;
    private final short[][] coefficients;
    private int endOfBand;

    JpegDct(Codestream stream, int bits, List<JpegComponent> components, boolean progressive, int[][] quantisation) {
        this.stream = stream;
        this.bits = bits;
        this.components = components;
        this.progressive = progressive;
        this.quantisation = quantisation;
        this.tables = new int[components.size()][];
        this.coefficients = new short[components.size()][];
        for (JpegComponent c : components) {
            long blocks = (long) c.blockColumns() * c.blockRows();
            if (blocks * 64 > 4L * stream.width() * stream.height() + (1 << 16)) {
                throw stream.bad("a component of the JPEG is larger than its picture");
            }
            coefficients[c.index()] = new short[(int) blocks * 64];
        }
    }

    /** Places of coefficients in zigzag order (figure A.6). */
    private static byte[] natural() {
        byte[] order = new byte[64];
        int at = 0;
        for (int sum = 0; sum < 15; sum++) {
            for (int i = 0; i <= sum; i++) {
                int row = sum % 2 == 0 ? sum - i : i;
                int column = sum - row;
                if (row < 8 && column < 8) {
                    order[at++] = (byte) (8 * row + column);
                }
            }
        }
        return order;
    }

    static int natural(int zigzag) {
        return NATURAL[zigzag];
    }

    @Override
    public void read(Jpeg.Scan given, JpegBits in) {
        Jpeg.Scan scan = progressive ? given : given.whole();
        check(scan);
        endOfBand = 0;
        if (scan.components().size() == 1) {
            JpegComponent c = scan.components().getFirst();
            int columns = Math.ceilDiv(c.width(), 8);
            walk(scan, in, columns, Math.ceilDiv(c.height(), 8));
        } else {
            JpegComponent c = scan.components().getFirst();
            walk(scan, in, c.blockColumns() / c.h(), c.blockRows() / c.v());
        }
    }

    private void check(Jpeg.Scan scan) {
        boolean dcOnly = !progressive || scan.start() == 0 && scan.end() == 0;
        boolean band = scan.start() > 0
                && scan.end() >= scan.start()
                && scan.end() <= 63
                && scan.components().size() == 1;
        if (!dcOnly && !band || scan.low() > 13) {
            throw stream.bad("a scan of the JPEG has impossible parameters");
        }
        for (int i = 0; i < scan.components().size(); i++) {
            JpegComponent c = scan.components().get(i);
            boolean needsDc = scan.start() == 0 && scan.high() == 0;
            boolean needsAc = scan.end() > 0;
            if (needsDc && scan.dc()[i] == null || needsAc && scan.ac()[i] == null) {
                throw stream.bad("the JPEG lacks a Huffman table");
            }
            if (quantisation[c.quantisation()] == null) {
                throw stream.bad("the JPEG lacks a quantisation table");
            }
            if (tables[c.index()] == null) {
                tables[c.index()] = quantisation[c.quantisation()].clone();
            }
        }
    }

    private void walk(Jpeg.Scan scan, JpegBits in, int columns, int rows) {
        int[] predictions = new int[scan.components().size()];
        int left = scan.restart() == 0 ? Integer.MAX_VALUE : scan.restart();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                if (left-- == 0) {
                    in.restart();
                    java.util.Arrays.fill(predictions, 0);
                    endOfBand = 0;
                    left = scan.restart() - 1;
                }
                unit(scan, in, predictions, column, row);
            }
            in.requireEnough();
        }
    }

    private void unit(Jpeg.Scan scan, JpegBits in, int[] predictions, int column, int row) {
        int n = scan.components().size();
        for (int i = 0; i < n; i++) {
            JpegComponent c = scan.components().get(i);
            int h = n == 1 ? 1 : c.h();
            int v = n == 1 ? 1 : c.v();
            for (int block = 0; block < h * v; block++) {
                int x = column * h + block % h;
                int y = row * v + block / h;
                int at = 64 * (y * c.blockColumns() + x);
                block(scan, in, i, predictions, at);
            }
        }
    }

    private void block(Jpeg.Scan scan, JpegBits in, int i, int[] predictions, int at) {
        short[] block = coefficients[scan.components().get(i).index()];
        if (scan.start() == 0) {
            if (scan.high() == 0) {
                int size = scan.dc()[i].next(in);
                predictions[i] += in.signed(Math.min(size, 16));
                block[at] = (short) (predictions[i] << scan.low());
            } else if (in.bit() == 1) {
                block[at] |= (short) (1 << scan.low());
            }
        }
        if (!progressive) {
            sequential(scan.ac()[i], in, block, at);
        } else if (scan.start() > 0 && scan.high() == 0) {
            first(scan, in, block, at);
        } else if (scan.start() > 0) {
            refine(scan, in, block, at);
        }
    }

    private static void sequential(JpegHuffman ac, JpegBits in, short[] block, int at) {
        for (int k = 1; k < 64; k++) {
            int symbol = ac.next(in);
            int size = symbol & 15;
            int run = symbol >> 4;
            if (size == 0) {
                if (run != 15) {
                    return;
                }
                k += 15;
                continue;
            }
            k += run;
            int value = in.signed(size);
            if (k < 64) {
                block[at + NATURAL[k]] = (short) value;
            }
        }
    }

    private void first(Jpeg.Scan scan, JpegBits in, short[] block, int at) {
        if (endOfBand > 0) {
            endOfBand--;
            return;
        }
        for (int k = scan.start(); k <= scan.end(); k++) {
            int symbol = scan.ac()[0].next(in);
            int size = symbol & 15;
            int run = symbol >> 4;
            if (size == 0 && run < 15) {
                endOfBand = (1 << run) - 1 + in.bits(run);
                return;
            }
            k += run;
            int value = in.signed(size) << scan.low();
            if (size > 0 && k <= scan.end()) {
                block[at + NATURAL[k]] = (short) value;
            }
        }
    }

    /** Section G.1.2.3: coefficients that are already there get one bit each, between them new ones appear. */
    private void refine(Jpeg.Scan scan, JpegBits in, short[] block, int at) {
        int bit = 1 << scan.low();
        int k = scan.start();
        if (endOfBand == 0) {
            while (k <= scan.end()) {
                int symbol = scan.ac()[0].next(in);
                int run = symbol >> 4;
                int size = symbol & 15;
                if (size == 0 && run < 15) {
                    endOfBand = (1 << run) + in.bits(run);
                    break;
                }
                int value = size == 0 ? 0 : in.bit() == 1 ? bit : -bit;
                k = correct(in, block, at, new int[] {k, scan.end(), run, bit});
                if (value != 0 && k <= scan.end()) {
                    block[at + NATURAL[k]] = (short) value;
                }
                k++;
            }
        }
        if (endOfBand > 0) {
            correct(in, block, at, new int[] {k, scan.end(), 64, bit});
            endOfBand--;
        }
    }

    /** @param band from, to, zeros to pass over, the bit */
    private static int correct(JpegBits in, short[] block, int at, int[] band) {
        int k = band[0];
        for (int zeros = band[2]; k <= band[1]; k++) {
            int place = at + NATURAL[k];
            if (block[place] == 0) {
                if (zeros-- == 0) {
                    break;
                }
            } else if (in.bit() == 1 && (block[place] & band[3]) == 0) {
                block[place] += (short) (block[place] > 0 ? band[3] : -band[3]);
            }
        }
        return k;
    }

    @Override
    public short[] samples() {
        int count = components.size();
        short[] out = new short[stream.samples()];
        for (JpegComponent c : components) {
            if (tables[c.index()] == null) {
                throw stream.cutOff();
            }
            var inverse = new JpegInverse(bits, tables[c.index()]);
            if (c.width() == stream.width() && c.height() == stream.height()) {
                inverse.into(coefficients[c.index()], c, out, c.index(), count);
            } else {
                short[] plane = inverse.plane(coefficients[c.index()], c);
                new JpegUpsampling(c, plane, stream.width(), stream.height()).into(out, count);
            }
            coefficients[c.index()] = new short[0];
        }
        return out;
    }
}
