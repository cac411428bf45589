package konsil.media.codec;

/**
 * Parameters of a JPEG-LS scan (ITU-T T.87 section C.2.4.1.1).
 *
 * @param maxValue largest sample
 * @param t1 thresholds of gradients, with t2 and t3
 * @param reset after how many samples a context halves its counts
 */
record JpegLsPresets(int maxValue, int near, int t1, int t2, int t3, int reset) {
    private static final int RESET = 64;

    /** What holds where a stream gives 0, or nothing. @param given maxValue, t1, t2, t3, reset */
    static JpegLsPresets of(int[] given, int bits, int near) {
        int max = given[0] > 0 ? given[0] : (1 << bits) - 1;
        int[] t = max >= 128 ? large(max, near) : small(max, near);
        int t1 = given[1] > 0 ? given[1] : bounded(t[0], near + 1, max);
        int t2 = given[2] > 0 ? given[2] : bounded(t[1], t1, max);
        int t3 = given[3] > 0 ? given[3] : bounded(t[2], t2, max);
        return new JpegLsPresets(max, near, t1, t2, t3, given[4] > 0 ? given[4] : RESET);
    }

    private static int[] large(int max, int near) {
        int factor = Math.min(max, 4095) + 128 >> 8;
        return new int[] {factor + 2 + 3 * near, 4 * factor + 3 + 5 * near, 17 * factor + 4 + 7 * near};
    }

    private static int[] small(int max, int near) {
        int factor = 256 / (max + 1);
        return new int[] {
            Math.max(2, 3 / factor + 3 * near), Math.max(3, 7 / factor + 5 * near), Math.max(4, 21 / factor + 7 * near)
        };
    }

    private static int bounded(int value, int least, int most) {
        return value > most || value < least ? least : value;
    }

    boolean isPossible(int bits) {
        return maxValue < 1 << bits
                && near <= Math.min(255, maxValue / 2)
                && t1 > near
                && t1 <= t2
                && t2 <= t3
                && t3 <= maxValue
                && reset >= 3;
    }

    int step() {
        return 2 * near + 1;
    }

    int range() {
        return (maxValue + 2 * near) / step() + 1;
    }

    /** Bits of a mapped error. */
    int errorBits() {
        return 32 - Integer.numberOfLeadingZeros(range() - 1);
    }

    /** The longest code. */
    int limit() {
        int bits = Math.max(2, 32 - Integer.numberOfLeadingZeros(maxValue));
        return 2 * (bits + Math.max(8, bits));
    }
}
