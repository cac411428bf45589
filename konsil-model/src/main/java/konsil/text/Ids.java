package konsil.text;

import java.util.Arrays;

/** A list of ids that grows. */
final class Ids {
    private int[] values;
    private int size;

    Ids(int expected) {
        values = new int[Math.max(16, expected)];
    }

    void add(int id) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = id;
    }

    int size() {
        return size;
    }

    boolean endsWith(int id) {
        return size > 0 && values[size - 1] == id;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
