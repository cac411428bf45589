package konsil.tensor;

import konsil.kernel.WeightFormat;

/** What attention may look back on. Networks take one as an argument and do not ask which. */
public sealed interface KvCache permits KvCache.None, RingCache {
    /** The position of the next token. */
    long position();

    /** The memory of one layer, counted from 0. */
    KvLayer layer(int layer);

    /** Called once when all layers have seen {@code tokens} more tokens. */
    void advance(int tokens);

    /** The positions of the next tokens. */
    default long[] positions(int tokens) {
        var positions = new long[tokens];
        for (int i = 0; i < tokens; i++) {
            positions[i] = position() + i;
        }
        return positions;
    }

    /**
     * Training and networks that run in one piece: nothing is kept, keys and values pass straight through.
     *
     * @param format F32, BF16 or Q8_0: how keys and values are rounded on the way, as in a cache of that format
     */
    record None(WeightFormat format) implements KvCache {
        @Override
        public long position() {
            return 0;
        }

        @Override
        public KvLayer layer(int layer) {
            return new KvLayer.PassThrough(format);
        }

        @Override
        public void advance(int tokens) {
            // there is nothing to move: the next sequence starts at 0 again
        }
    }
}
