package konsil.kernel;

/** Values of one row in one whole block of the Q formats; see {@link WeightFormat}. */
final class BlockUnpacker {
    private static final int STEP = Superblock.STEP;

    private BlockUnpacker() {}

    /**
     * @param col first column of the block
     * @param to address of 32 floats
     */
    static void unpack(PackedWeights w, int row, int col, long to) {
        long values = Superblock.values(w, row, col);
        float scale = Float.float16ToFloat(RawMemory.getShort(Superblock.scale(w, row, col)));
        if (w.format() == WeightFormat.Q8_0) {
            q8(values, scale, to);
        } else {
            q4(values, scale, to);
        }
    }

    /** Four columns at a time; bytes are the value + 128. */
    private static void q8(long values, float scale, long to) {
        for (int g = 0; g < WeightFormat.BLOCK / 4; g++) {
            int four = RawMemory.getInt(values + STEP * g);
            long at = to + 16L * g;
            RawMemory.setFloat(at, scale * ((four & 0xff) - 128));
            RawMemory.setFloat(at + 4, scale * ((four >>> 8 & 0xff) - 128));
            RawMemory.setFloat(at + 8, scale * ((four >>> 16 & 0xff) - 128));
            RawMemory.setFloat(at + 12, scale * ((four >>> 24) - 128));
        }
    }

    /** Low nibbles are the first sixteen columns, high ones the others; nibbles are the value + 8. */
    private static void q4(long values, float scale, long to) {
        for (int g = 0; g < WeightFormat.BLOCK / 8; g++) {
            int four = RawMemory.getInt(values + STEP * g);
            for (int i = 0; i < 4; i++) {
                int pair = four >>> 8 * i & 0xff;
                RawMemory.setFloat(to + 4L * (4 * g + i), scale * ((pair & 15) - 8));
                RawMemory.setFloat(to + 4L * (16 + 4 * g + i), scale * ((pair >>> 4) - 8));
            }
        }
    }
}
