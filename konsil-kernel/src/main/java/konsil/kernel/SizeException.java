package konsil.kernel;

/** Sizes that do not fit together: our own fault, never a user's file. Thrown before any native code runs. */
public final class SizeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public SizeException(String message) {
        super(message);
    }
}
