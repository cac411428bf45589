package konsil.medgemma.generation;

/** The engine has as many requests waiting as it may have; come again later. */
public final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BusyException(int waiting) {
        super("busy: %d requests are waiting already, come again later".formatted(waiting));
    }
}
