package konsil.tensor;

import konsil.kernel.WeightFormat;

/** The keys and values that the attention of one layer works on. */
public sealed interface KvLayer permits KvLayer.PassThrough, KvRing {
    /**
     * Only the keys and values that attention is given, at positions from 0 on.
     *
     * @param format F32, BF16 or Q8_0
     */
    record PassThrough(WeightFormat format) implements KvLayer {
        public PassThrough {
            if (format == WeightFormat.Q4_0) {
                throw new IllegalArgumentException("keys and values: want F32, BF16 or Q8_0, got " + format);
            }
        }
    }
}
