package konsil.media;

import java.util.Arrays;

/**
 * Pillow's resize with its bilinear filter (src/libImaging/Resample.c): first along the rows, rounded to 8 bits, then
 * along the columns.
 */
final class BilinearResize {
    private static final int HALF = 1 << (BilinearTaps.BITS - 1);

    private BilinearResize() {}

    static Raster resize(Raster from, int width, int height) {
        byte[] to = Raster.room(width, height);
        Raster narrowed = width == from.width() ? from : rows(from, width);
        if (height == from.height()) {
            return narrowed;
        }
        columns(narrowed, BilinearTaps.of(from.height(), height), to);
        return new Raster(width, height, to);
    }

    private static Raster rows(Raster from, int width) {
        byte[] to = Raster.room(width, from.height());
        var taps = BilinearTaps.of(from.width(), width);
        for (int y = 0; y < from.height(); y++) {
            row(from.samples(), Raster.CHANNELS * y * from.width(), taps, to, Raster.CHANNELS * y * width);
        }
        return new Raster(width, from.height(), to);
    }

    private static void row(byte[] in, int line, BilinearTaps taps, byte[] out, int at) {
        int[] first = taps.first();
        int[] start = taps.start();
        int[] weights = taps.weights();
        for (int x = 0; x < first.length; x++) {
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            int from = line + Raster.CHANNELS * first[x];
            int weightsFrom = start[x];
            int count = start[x + 1] - weightsFrom;
            for (int k = 0; k < count; k++) {
                int weight = weights[weightsFrom + k];
                int sample = from + Raster.CHANNELS * k;
                red += (in[sample] & 0xFF) * weight;
                green += (in[sample + 1] & 0xFF) * weight;
                blue += (in[sample + 2] & 0xFF) * weight;
            }
            out[at] = level(red);
            out[at + 1] = level(green);
            out[at + 2] = level(blue);
            at += Raster.CHANNELS;
        }
    }

    private static void columns(Raster from, BilinearTaps taps, byte[] to) {
        int stride = Raster.CHANNELS * from.width();
        int[] sums = new int[stride];
        for (int y = 0; y < taps.first().length; y++) {
            Arrays.fill(sums, HALF);
            int line = stride * taps.first()[y];
            for (int k = taps.start()[y]; k < taps.start()[y + 1]; k++) {
                addRow(from.samples(), line, taps.weights()[k], sums);
                line += stride;
            }
            for (int i = 0; i < stride; i++) {
                to[y * stride + i] = level(sums[i]);
            }
        }
    }

    private static void addRow(byte[] in, int line, int weight, int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (in[line + i] & 0xFF) * weight;
        }
    }

    /** Rounded weights may add up to a little more than 1, so white may come out above 255. */
    private static byte level(int sum) {
        return (byte) Math.min(sum >> BilinearTaps.BITS, 255);
    }
}
