package konsil.media.audio;

import java.io.IOException;

/** One channel of a FLAC frame: what a predictor says, plus Rice-coded residuals (RFC 9639, 9.2). */
final class FlacSubframe {
    private static final int[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};

    private final AudioBytes in;
    private final FlacBits bits;

    FlacSubframe(AudioBytes in, FlacBits bits) {
        this.in = in;
        this.bits = bits;
    }

    /** @param depth bits a sample, 4 to 33 */
    void decode(long[] samples, int size, int depth) throws IOException {
        if (bits.unsigned(1) != 0) {
            throw in.bad("a FLAC subframe starts with a 1");
        }
        int kind = (int) bits.unsigned(6);
        int wasted = bits.unsigned(1) == 0 ? 0 : bits.unary() + 1;
        int own = depth - wasted;
        if (own < 1) {
            throw in.bad("a FLAC subframe wastes %d of %d bits".formatted(wasted, depth));
        }
        if (kind == 0) {
            java.util.Arrays.fill(samples, 0, size, bits.signed(own));
        } else if (kind == 1) {
            warmUp(samples, size, own);
        } else if (kind >= 8 && kind <= 12) {
            int order = kind - 8;
            predicted(samples, size, order, own);
        } else if (kind >= 32) {
            linear(samples, size, kind - 31, own);
        } else {
            throw in.bad("FLAC subframe type %d is reserved".formatted(kind));
        }
        for (int i = 0; wasted > 0 && i < size; i++) {
            samples[i] <<= wasted;
        }
    }

    private void warmUp(long[] samples, int count, int depth) throws IOException {
        for (int i = 0; i < count; i++) {
            samples[i] = bits.signed(depth);
        }
    }

    private void predicted(long[] samples, int size, int order, int depth) throws IOException {
        checkOrder(order, size);
        warmUp(samples, order, depth);
        residuals(samples, size, order);
        predict(samples, size, FIXED[order], 0);
    }

    private void linear(long[] samples, int size, int order, int depth) throws IOException {
        checkOrder(order, size);
        warmUp(samples, order, depth);
        int precision = (int) bits.unsigned(4) + 1;
        int shift = (int) bits.signed(5);
        if (precision == 16 || shift < 0) {
            throw in.bad("a FLAC predictor has precision %d and shift %d; want at most 15, at least 0"
                    .formatted(precision, shift));
        }
        int[] weights = new int[order];
        for (int i = 0; i < order; i++) {
            weights[i] = (int) bits.signed(precision);
        }
        residuals(samples, size, order);
        predict(samples, size, weights, shift);
    }

    private void checkOrder(int order, int size) {
        if (order > size) {
            throw in.bad("a FLAC predictor of order %d in a block of %d".formatted(order, size));
        }
    }

    /** weights[0] belongs to the sample just before. */
    private static void predict(long[] samples, int size, int[] weights, int shift) {
        int order = weights.length;
        for (int i = order; i < size; i++) {
            long sum = 0;
            for (int k = 0; k < order; k++) {
                sum += weights[k] * samples[i - 1 - k];
            }
            samples[i] += sum >> shift;
        }
    }

    private void residuals(long[] samples, int size, int order) throws IOException {
        int method = (int) bits.unsigned(2);
        if (method > 1) {
            throw in.bad("FLAC residual coding %d is reserved".formatted(method));
        }
        int parameterBits = 4 + method;
        int escape = (1 << parameterBits) - 1;
        int partitions = 1 << (int) bits.unsigned(4);
        int each = size / partitions;
        if (each * partitions != size || each < order) {
            throw in.bad("a FLAC block of %d does not split into %d partitions".formatted(size, partitions));
        }
        for (int p = 0; p < partitions; p++) {
            int first = p == 0 ? order : p * each;
            int parameter = (int) bits.unsigned(parameterBits);
            if (parameter == escape) {
                int depth = (int) bits.unsigned(5);
                for (int i = first; i < (p + 1) * each; i++) {
                    samples[i] = depth == 0 ? 0 : bits.signed(depth);
                }
            } else {
                for (int i = first; i < (p + 1) * each; i++) {
                    long folded = (long) bits.unary() << parameter | bits.unsigned(parameter);
                    samples[i] = folded >>> 1 ^ -(folded & 1);
                }
            }
        }
    }
}
