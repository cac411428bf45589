package konsil.media.codec;

/** The arithmetic decoder of JPEG 2000 (ITU-T T.800 annex C), with the 19 contexts of a code block. */
final class MqDecoder {
    /** Table C.2: probability, next state after the more probable symbol, after the less probable one, switch. */
    private static final int[][] STATES = {
        {0x5601, 1, 1, 1}, {0x3401, 2, 6, 0}, {0x1801, 3, 9, 0}, {0x0AC1, 4, 12, 0}, {0x0521, 5, 29, 0},
        {0x0221, 38, 33, 0}, {0x5601, 7, 6, 1}, {0x5401, 8, 14, 0}, {0x4801, 9, 14, 0}, {0x3801, 10, 14, 0},
        {0x3001, 11, 17, 0}, {0x2401, 12, 18, 0}, {0x1C01, 13, 20, 0}, {0x1601, 29, 21, 0}, {0x5601, 15, 14, 1},
        {0x5401, 16, 14, 0}, {0x5101, 17, 15, 0}, {0x4801, 18, 16, 0}, {0x3801, 19, 17, 0}, {0x3401, 20, 18, 0},
        {0x3001, 21, 19, 0}, {0x2801, 22, 19, 0}, {0x2401, 23, 20, 0}, {0x2201, 24, 21, 0}, {0x1C01, 25, 22, 0},
        {0x1801, 26, 23, 0}, {0x1601, 27, 24, 0}, {0x1401, 28, 25, 0}, {0x1201, 29, 26, 0}, {0x1101, 30, 27, 0},
        {0x0AC1, 31, 28, 0}, {0x09C1, 32, 29, 0}, {0x08A1, 33, 30, 0}, {0x0521, 34, 31, 0}, {0x0441, 35, 32, 0},
        {0x02A1, 36, 33, 0}, {0x0221, 37, 34, 0}, {0x0141, 38, 35, 0}, {0x0111, 39, 36, 0}, {0x0085, 40, 37, 0},
        {0x0049, 41, 38, 0}, {0x0025, 42, 39, 0}, {0x0015, 43, 40, 0}, {0x0009, 44, 41, 0}, {0x0005, 45, 42, 0},
        {0x0001, 45, 43, 0}, {0x5601, 46, 46, 0}
    };

    /** By twice the state plus its more probable symbol: probability, and what follows in the same form. */
    private static final int[] PROBABILITY = new int[2 * STATES.length];

    private static final int[] AFTER_MORE = new int[2 * STATES.length];
    private static final int[] AFTER_LESS = new int[2 * STATES.length];

    static {
        for (int i = 0; i < STATES.length; i++) {
            for (int symbol = 0; symbol < 2; symbol++) {
                PROBABILITY[2 * i + symbol] = STATES[i][0];
                AFTER_MORE[2 * i + symbol] = 2 * STATES[i][1] + symbol;
                AFTER_LESS[2 * i + symbol] = 2 * STATES[i][2] + (symbol ^ STATES[i][3]);
            }
        }
    }

    static final int RUN = 17;
    static final int UNIFORM = 18;

    private final int[] states = new int[19];
    private byte[] bytes = new byte[0];
    private int at;
    private int end;
    private int a;
    private int c;
    private int left;

    /** Contexts as at the beginning of a block (table D.7). */
    void resetContexts() {
        java.util.Arrays.fill(states, 0);
        states[0] = 2 * 4;
        states[RUN] = 2 * 3;
        states[UNIFORM] = 2 * 46;
    }

    /** Begins a segment; behind its end only ones follow. */
    void start(byte[] data, int from, int to) {
        bytes = data;
        at = from;
        end = to;
        c = octet(at) << 16;
        next();
        c <<= 7;
        left -= 7;
        a = 0x8000;
    }

    private int octet(int place) {
        return place < end ? bytes[place] & 0xFF : 0xFF;
    }

    private void next() {
        if (octet(at) == 0xFF) {
            int second = octet(at + 1);
            if (second > 0x8F) {
                c += 0xFF00;
                left = 8;
            } else {
                at++;
                c += second << 9;
                left = 7;
            }
        } else {
            at++;
            c += octet(at) << 8;
            left = 8;
        }
    }

    int decode(int context) {
        int state = states[context];
        int q = PROBABILITY[state];
        int symbol = state & 1;
        a -= q;
        if (c >>> 16 < q) {
            boolean more = a < q;
            a = q;
            states[context] = more ? AFTER_MORE[state] : AFTER_LESS[state];
            symbol ^= more ? 0 : 1;
        } else {
            c -= q << 16;
            if ((a & 0x8000) != 0) {
                return symbol;
            }
            boolean more = a >= q;
            states[context] = more ? AFTER_MORE[state] : AFTER_LESS[state];
            symbol ^= more ? 0 : 1;
        }
        do {
            if (left == 0) {
                next();
            }
            a <<= 1;
            c <<= 1;
            left--;
        } while (a < 0x8000);
        return symbol;
    }
}
