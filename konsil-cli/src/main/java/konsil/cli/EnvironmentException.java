package konsil.cli;

/** This machine cannot do what was asked. The message says what is missing and what to do; exit code 4. */
public final class EnvironmentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EnvironmentException(String message) {
        super(message);
    }
}
