package konsil.tensor.file;

import java.nio.file.Path;
import konsil.tensor.BadInputException;

/** A file that is damaged, hostile or of a kind Konsil does not read. The message starts with the file's name. */
public final class BadFileException extends BadInputException {
    private static final long serialVersionUID = 1L;

    /** @param what what is wrong, wanted and got; names no contents */
    public BadFileException(Path file, String what) {
        super(nameOf(file) + ": " + what);
    }

    /** @param part the tensor, key or field that is wrong */
    public BadFileException(Path file, String part, String what) {
        super(nameOf(file) + ": " + printable(part) + ": " + what);
    }

    public BadFileException(Path file, String what, Throwable cause) {
        super(nameOf(file) + ": " + what, cause);
    }

    private static String nameOf(Path file) {
        Path name = file.getFileName();
        return printable(name == null ? file.toString() : name.toString());
    }

    /** A name out of a file as it may be shown: at most 120 characters, control characters as question marks. */
    static String printable(String name) {
        int end = Math.min(name.length(), 120);
        var shown = new StringBuilder(end + 3);
        for (int i = 0; i < end; i++) {
            char c = name.charAt(i);
            boolean shows = !Character.isISOControl(c)
                    && !Character.isSurrogate(c)
                    && Character.getType(c) != Character.FORMAT; // as the marks that turn the reading direction
            shown.append(shows ? c : '?');
        }
        return end < name.length() ? shown.append("...").toString() : shown.toString();
    }
}
