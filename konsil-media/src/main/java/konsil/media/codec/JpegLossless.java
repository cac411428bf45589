package konsil.media.codec;

import java.util.List;

/** Lossless JPEG (ITU-T T.81 annex H): each sample as its difference from a prediction by its neighbours. */
final class JpegLossless implements Jpeg.Scans {
    private final Codestream stream;
    private final int bits;
    private final int count;
    private final short[] samples;

    JpegLossless(Codestream stream, int bits, List<JpegComponent> components) {
        this.stream = stream;
        this.bits = bits;
        this.count = components.size();
        for (JpegComponent component : components) {
            if (component.width() != stream.width() || component.height() != stream.height()) {
                throw stream.bad("the lossless JPEG has components of different sizes, which is not read");
            }
        }
        this.samples = new short[stream.samples()];
    }

    @Override
    public short[] samples() {
        return samples;
    }

    @Override
    public void read(Jpeg.Scan scan, JpegBits in) {
        int predictor = scan.start();
        int shift = scan.low();
        if (predictor < 1 || predictor > 7 || shift >= bits) {
            throw stream.bad("the lossless JPEG has predictor %d, point transform %d".formatted(predictor, shift));
        }
        for (JpegHuffman table : scan.dc()) {
            if (table == null) {
                throw stream.bad("the lossless JPEG lacks a Huffman table");
            }
        }
        var line = new Line(scan, in, predictor, 1 << (bits - shift - 1));
        int width = stream.width();
        int restartRows = scan.restart() / width;
        if (scan.restart() % width != 0) {
            throw stream.bad("the lossless JPEG restarts within a row, which is not read");
        }
        for (int y = 0; y < stream.height(); y++) {
            boolean restarts = restartRows > 0 && y > 0 && y % restartRows == 0;
            if (restarts) {
                in.restart();
            }
            line.read(y, y == 0 || restarts);
            in.requireEnough();
        }
        if (shift > 0) {
            for (JpegComponent component : scan.components()) {
                for (int i = component.index(); i < samples.length; i += count) {
                    samples[i] = (short) (samples[i] << shift);
                }
            }
        }
    }

    private final class Line {
        private final Jpeg.Scan scan;
        private final JpegBits in;
        private final int predictor;
        private final int first;
        private final int stride = stream.width() * count;

        Line(Jpeg.Scan scan, JpegBits in, int predictor, int first) {
            this.scan = scan;
            this.in = in;
            this.predictor = predictor;
            this.first = first;
        }

        void read(int y, boolean alone) {
            int row = y * stride;
            int n = scan.components().size();
            for (int x = 0; x < stream.width(); x++) {
                for (int i = 0; i < n; i++) {
                    int at = row + x * count + scan.components().get(i).index();
                    int predicted = x > 0 && !alone
                            ? predicted(at)
                            : x > 0 ? samples[at - count] & 0xFFFF : alone ? first : samples[at - stride] & 0xFFFF;
                    samples[at] = (short) (predicted + difference(scan.dc()[i]));
                }
            }
        }

        private int predicted(int at) {
            int a = samples[at - count] & 0xFFFF;
            int b = samples[at - stride] & 0xFFFF;
            int c = samples[at - stride - count] & 0xFFFF;
            return switch (predictor) {
                case 1 -> a;
                case 2 -> b;
                case 3 -> c;
                case 4 -> a + b - c;
                case 5 -> a + (b - c >> 1);
                case 6 -> b + (a - c >> 1);
                default -> a + b >> 1;
            };
        }

        private int difference(JpegHuffman table) {
            int size = table.next(in);
            if (size > 16) {
                throw stream.bad("the lossless JPEG has a difference of %d bits".formatted(size));
            }
            return size == 16 ? 1 << 15 : in.signed(size);
        }
    }
}
