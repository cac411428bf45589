package konsil.tensor;

/**
 * Something the user handed over cannot be used: a file, a setting, an argument. Every kind of bad input is a subclass
 * or an instance of this, so that a program can print the message alone, without a stack trace, and go on or stop.
 *
 * <p>The message says, in this order, where (file, then tensor, key or tag), what is wrong, what was wanted and what
 * came, and, where it helps, what to do next. It never repeats the contents of a file beyond names and sizes.
 */
public class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadInputException(String message) {
        super(message);
    }

    public BadInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
