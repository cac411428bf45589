package konsil.train.gemma;

import java.io.IOException;

/**
 * An image of an example.
 *
 * @param key the same for the same pixels, and for no others
 */
public record ExampleImage(String key, Pixels pixels) {
    /** Gets the pixels when they are needed. */
    @FunctionalInterface
    public interface Pixels {
        /** Channel by channel, row by row, -1 to 1. */
        float[] read() throws IOException;
    }
}
