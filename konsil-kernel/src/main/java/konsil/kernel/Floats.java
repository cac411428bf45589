package konsil.kernel;

import java.util.concurrent.ConcurrentLinkedDeque;

/** Arrays that kernels borrow for the length of a call, as {@link Scratch} lends memory. */
final class Floats {
    private final ConcurrentLinkedDeque<float[]> idle = new ConcurrentLinkedDeque<>();

    /** At least {@code length} numbers of any value. */
    float[] take(int length) {
        for (var array : idle) {
            if (array.length >= length && idle.remove(array)) {
                return array;
            }
        }
        return new float[length];
    }

    void give(float[] array) {
        idle.addFirst(array);
    }
}
