package konsil.media;

import java.util.Arrays;

/**
 * The numbers of a volume, column by column, then row by row, then slice by slice; kept as small as they came. Arrays
 * are neither copied nor changed.
 */
public sealed interface Voxels {
    /**
     * 16-bit numbers with a rescale: the value is {@code stored * slope + intercept}.
     *
     * @param unsigned whether the stored numbers are 0..65535
     */
    record Shorts(short[] stored, boolean unsigned, double slope, double intercept) implements Voxels {
        public Shorts {
            if (!Double.isFinite(slope) || !Double.isFinite(intercept)) {
                throw new IllegalArgumentException(
                        "voxels: want a finite rescale, got slope %s, intercept %s".formatted(slope, intercept));
            }
        }

        int number(int index) {
            return unsigned ? stored[index] & 0xFFFF : stored[index];
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Shorts(short[] s, boolean u, double k, double d)
                    && u == unsigned
                    && k == slope
                    && d == intercept
                    && Arrays.equals(s, stored);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(stored) + Double.hashCode(slope) + Double.hashCode(intercept);
        }
    }

    /** Numbers as they are. */
    record Floats(float[] values) implements Voxels {
        @Override
        public boolean equals(Object other) {
            return other instanceof Floats(float[] v) && Arrays.equals(v, values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }
    }

    default int count() {
        return switch (this) {
            case Shorts shorts -> shorts.stored.length;
            case Floats floats -> floats.values.length;
        };
    }

    /** The value of one voxel. */
    default float value(int index) {
        return switch (this) {
            case Shorts shorts -> (float) (shorts.number(index) * shorts.slope + shorts.intercept);
            case Floats floats -> floats.values[index];
        };
    }

    /** Values of {@code to.length} voxels, from one on. */
    default void copy(int from, float[] to) {
        switch (this) {
            case Shorts shorts -> {
                for (int i = 0; i < to.length; i++) {
                    to[i] = (float) (shorts.number(from + i) * shorts.slope + shorts.intercept);
                }
            }
            case Floats floats -> System.arraycopy(floats.values, from, to, 0, to.length);
        }
    }

    /** The voxels at {@code first + c * strides[0] + r * strides[1] + s * strides[2]}, in a new order. */
    default Voxels taken(int first, int[] sizes, int[] strides) {
        int count = Math.multiplyExact(Math.multiplyExact(sizes[0], sizes[1]), sizes[2]);
        return switch (this) {
            case Shorts shorts -> {
                var out = new short[count];
                for (int line = 0, at = 0; line < sizes[1] * sizes[2]; line++) {
                    int from = first + line % sizes[1] * strides[1] + line / sizes[1] * strides[2];
                    for (int c = 0; c < sizes[0]; c++) {
                        out[at++] = shorts.stored[from + c * strides[0]];
                    }
                }
                yield new Shorts(out, shorts.unsigned, shorts.slope, shorts.intercept);
            }
            case Floats floats -> {
                var out = new float[count];
                for (int line = 0, at = 0; line < sizes[1] * sizes[2]; line++) {
                    int from = first + line % sizes[1] * strides[1] + line / sizes[1] * strides[2];
                    for (int c = 0; c < sizes[0]; c++) {
                        out[at++] = floats.values[from + c * strides[0]];
                    }
                }
                yield new Floats(out);
            }
        };
    }
}
