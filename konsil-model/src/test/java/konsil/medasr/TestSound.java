package konsil.medasr;

/** The sound of golden/lasr.py, to the bit: tenths of a second of three square waves each. */
final class TestSound {
    private static final int PART = LogMel.RATE / 10;

    private TestSound() {}

    static float[] of(long seed, int count) {
        float[] samples = new float[count];
        long state = seed;
        for (int start = 0; start < count; start += PART) {
            int[] values = new int[Math.min(PART, count - start)];
            for (int wave = 0; wave < 3; wave++) {
                state = (state * 1103515245 + 12345) % (1L << 31);
                int half = 2 + (int) (state >> 16) % 60;
                int loud = (int) (state >> 8) % 4000;
                for (int i = 0; i < values.length; i++) {
                    values[i] += (start + i) / half % 2 == 0 ? loud : -loud;
                }
            }
            for (int i = 0; i < values.length; i++) {
                samples[start + i] = values[i] / 32768f;
            }
        }
        return samples;
    }
}
