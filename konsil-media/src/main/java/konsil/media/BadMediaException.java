package konsil.media;

/**
 * An image file that cannot be used: damaged, cut off, too large, or of a kind that Konsil does not read. The message
 * starts with the file's name, then says what is wrong, what was wanted and what came; it repeats nothing of the
 * contents.
 */
public final class BadMediaException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_NAME = 120;

    /**
     * @param name the file's name, or what else to call it
     * @param what what is wrong
     */
    public BadMediaException(String name, String what) {
        super(printable(name) + ": " + what);
    }

    public BadMediaException(String name, String what, Throwable cause) {
        super(printable(name) + ": " + what, cause);
    }

    /** Text as it may be shown: at most 120 characters, control characters as question marks. */
    static String printable(String text) {
        int end = Math.min(text.length(), LONGEST_NAME);
        var shown = new StringBuilder(end + 3);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return end < text.length() ? shown.append("...").toString() : shown.toString();
    }
}
