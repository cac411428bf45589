package konsil.medasr.decoding;

/**
 * A word or phrase that the user expects to hear.
 *
 * @param written as it shall be written
 * @param weight how strongly it is expected, 1 is usual
 * @param spoken as the recogniser writes it when it hears it, empty when that is how it is written
 */
public record Term(String written, double weight, String spoken) {
    public static final double LARGEST_WEIGHT = 10;

    public Term {
        if (written.isBlank() || !(weight > 0 && weight <= LARGEST_WEIGHT)) {
            throw new IllegalArgumentException("a term wants a text and a weight above 0, at most 10");
        }
    }

    public static Term of(String written) {
        return new Term(written, 1, "");
    }
}
