package konsil.media.codec;

/**
 * What surrounds a coefficient, in the bits of one number, and the contexts that follow from it (ITU-T T.800 tables D.1
 * to D.4).
 */
final class J2kContexts {
    static final int NE = 1;
    static final int SE = 2;
    static final int SW = 4;
    static final int NW = 8;
    static final int N = 0x10;
    static final int E = 0x20;
    static final int S = 0x40;
    static final int W = 0x80;
    static final int AROUND = 0xFF;

    /** The neighbour is negative. */
    static final int NEGATIVE_N = 0x100;

    static final int NEGATIVE_E = 0x200;
    static final int NEGATIVE_S = 0x400;
    static final int NEGATIVE_W = 0x800;
    static final int SIGNIFICANT = 0x1000;
    static final int REFINED = 0x2000;
    static final int VISITED = 0x4000;
    static final int NEGATIVE = 0x8000;

    /** What the stripe below tells, which causal contexts do not look at. */
    static final int BELOW = S | SE | SW | NEGATIVE_S;

    /** By orientation and the eight neighbours. */
    private static final byte[][] ZERO = zero();

    /** By four neighbours and their signs, from bit 4 on: the context, and 0x80 where the sign is turned. */
    private static final byte[] SIGN = sign();

    private J2kContexts() {}

    static byte[] zero(int orientation) {
        return ZERO[orientation];
    }

    /** The context of a sign; 0x80 is added where the bit is to be turned. */
    static int sign(int flags) {
        return SIGN[flags >> 4 & 0xFF] & 0xFF;
    }

    static int refinement(int flags) {
        return (flags & REFINED) != 0 ? 16 : (flags & AROUND) != 0 ? 15 : 14;
    }

    private static int bit(int flags, int mask) {
        return (flags & mask) == 0 ? 0 : 1;
    }

    private static byte[][] zero() {
        byte[][] tables = new byte[4][256];
        for (int f = 0; f < 256; f++) {
            int h = bit(f, W) + bit(f, E);
            int v = bit(f, N) + bit(f, S);
            int d = bit(f, NE) + bit(f, SE) + bit(f, SW) + bit(f, NW);
            tables[0][f] = straight(h, v, d);
            tables[1][f] = straight(v, h, d);
            tables[2][f] = straight(h, v, d);
            tables[3][f] = diagonal(h + v, d);
        }
        return tables;
    }

    private static byte straight(int h, int v, int d) {
        if (h == 2) {
            return 8;
        }
        if (h == 1) {
            return (byte) (v >= 1 ? 7 : d >= 1 ? 6 : 5);
        }
        return (byte) (v == 2 ? 4 : v == 1 ? 3 : Math.min(d, 2));
    }

    private static byte diagonal(int straight, int d) {
        return (byte)
                switch (d) {
                    case 0 -> Math.min(straight, 2);
                    case 1 -> 3 + Math.min(straight, 2);
                    case 2 -> straight >= 1 ? 7 : 6;
                    default -> 8;
                };
    }

    private static byte[] sign() {
        byte[] table = new byte[256];
        for (int i = 0; i < 256; i++) {
            int f = i << 4;
            int h = contribution(f, W, NEGATIVE_W) + contribution(f, E, NEGATIVE_E);
            int v = contribution(f, N, NEGATIVE_N) + contribution(f, S, NEGATIVE_S);
            h = Math.clamp(h, -1, 1);
            v = Math.clamp(v, -1, 1);
            boolean turned = h < 0 || h == 0 && v < 0;
            int sum = turned ? -3 * h - v : 3 * h + v;
            int context =
                    switch (sum) {
                        case 0 -> 9;
                        case 1 -> 10;
                        default -> 9 + sum;
                    };
            table[i] = (byte) (context | (turned ? 0x80 : 0));
        }
        return table;
    }

    private static int contribution(int flags, int mask, int negative) {
        return (flags & mask) == 0 ? 0 : (flags & negative) == 0 ? 1 : -1;
    }
}
