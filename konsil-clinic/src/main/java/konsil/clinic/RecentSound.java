package konsil.clinic;

import java.util.Arrays;

/** The last samples of sound that goes on and on; places count from its beginning. */
final class RecentSound {
    private float[] held = new float[1 << 16];
    private int count;
    private long gone;

    void add(float[] samples, int from, int to) {
        int more = to - from;
        if (count > held.length - more) {
            held = Arrays.copyOf(held, Math.max(Math.addExact(count, more), 2 * held.length));
        }
        System.arraycopy(samples, from, held, count, more);
        count += more;
    }

    /** Sound that nobody is to hear: only time goes on. */
    void skip(int samples) {
        gone += count + samples;
        count = 0;
    }

    long end() {
        return gone + count;
    }

    /** A range, less what is no longer there. */
    float[] copy(long from, long to) {
        int begin = Math.toIntExact(Math.max(from, gone) - gone);
        return Arrays.copyOfRange(held, begin, Math.max(begin, Math.toIntExact(Math.min(to, end()) - gone)));
    }

    /** Nothing before this place will be asked for any more. */
    void forget(long before) {
        int drop = (int) Math.min(count, before - gone);
        if (drop > 0) {
            System.arraycopy(held, drop, held, 0, count - drop);
            count -= drop;
            gone += drop;
        }
    }
}
