package konsil.media.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import konsil.media.BadMediaException;

/** The parts of a multipart body (RFC 2046, 5.1), one after the other, none of them in memory as a whole. */
final class Multipart {
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_PREAMBLE = 1 << 16;
    private static final int LONGEST_HEAD = 1 << 14;
    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary=(?:\"([^\"]+)\"|([^\\s;\"]+))", Pattern.CASE_INSENSITIVE);
    private static final Pattern ALLOWED = Pattern.compile("[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]");

    private final String name;
    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private boolean begun;
    private boolean delimited;
    private boolean over;
    private String type = "";

    /** @param name what to call the body in messages. @throws BadMediaException when the boundary is none */
    Multipart(String name, InputStream in, String boundary) {
        this.name = name;
        this.in = in;
        if (!ALLOWED.matcher(boundary).matches()) {
            throw new BadMediaException(name, "the boundary between the parts of the answer is missing or not allowed");
        }
        delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        // The first delimiter may be the first line: as if a line had ended before.
        buffer[to++] = '\r';
        buffer[to++] = '\n';
    }

    /** The boundary of a Content-Type, or nothing. */
    static String boundary(String contentType) {
        Matcher found = BOUNDARY.matcher(contentType);
        if (!found.find()) {
            return "";
        }
        return found.group(1) == null ? found.group(2) : found.group(1);
    }

    /**
     * Goes to the next part, past what was not read of this one.
     *
     * @param most bytes of this one that are passed over
     * @return whether there is one
     * @throws BadMediaException when the body is damaged
     */
    boolean next(long most) throws IOException {
        if (over) {
            return false;
        }
        copy(OutputStream.nullOutputStream(), begun ? most : LONGEST_PREAMBLE);
        begun = true;
        int first = read();
        int second = read();
        if (first == '-' && second == '-') {
            over = true;
            return false;
        }
        while ((first == ' ' || first == '\t') && second >= 0) {
            first = second;
            second = read();
        }
        if (first != '\r' || second != '\n') {
            throw new BadMediaException(name, "a boundary in the answer is cut off or not followed by a new line");
        }
        delimited = false;
        head();
        return true;
    }

    /** The Content-Type of this part in lower case, without its parameters; empty when it has none. */
    String type() {
        return type;
    }

    /**
     * Writes this part, once.
     *
     * @return how many bytes were written
     * @throws BadMediaException when it has more than {@code most} or does not end
     */
    long copy(OutputStream out, long most) throws IOException {
        long written = 0;
        while (!delimited) {
            int at = find();
            int end = at >= 0 ? at : Math.max(from, to - delimiter.length + 1);
            written += end - from;
            if (written > most) {
                throw new BadMediaException(name, "a part of the answer has more than %d bytes".formatted(most));
            }
            out.write(buffer, from, end - from);
            from = end;
            if (at >= 0) {
                from += delimiter.length;
                delimited = true;
            } else if (!fill()) {
                throw new BadMediaException(name, "the answer is cut off: a part of it does not end");
            }
        }
        return written;
    }

    private void head() throws IOException {
        type = "";
        int left = LONGEST_HEAD;
        for (String line = line(left); !line.isEmpty(); line = line(left)) {
            left -= line.length() + 2;
            int colon = line.indexOf(':');
            String key = line.substring(0, Math.max(colon, 0)).strip().toLowerCase(Locale.ROOT);
            if (key.equals("content-type")) {
                type = mediaType(line.substring(colon + 1));
            }
        }
        // A part may be empty: then the delimiter follows at once, and its line end is the head's last one.
        from -= 2;
        buffer[from] = '\r';
        buffer[from + 1] = '\n';
        if (!startsWithDelimiter()) {
            from += 2;
        }
    }

    /** A Content-Type without its parameters. */
    static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return contentType
                .substring(0, end < 0 ? contentType.length() : end)
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    private boolean startsWithDelimiter() throws IOException {
        while (to - from < delimiter.length) {
            if (!fill()) {
                return false;
            }
        }
        return matches(from);
    }

    private String line(int most) throws IOException {
        var line = new StringBuilder();
        for (int c = read(); c != '\r'; c = read()) {
            if (c < 0 || line.length() >= most) {
                throw new BadMediaException(name, "the head of a part of the answer is cut off or too long");
            }
            line.append((char) c);
        }
        if (read() != '\n') {
            throw new BadMediaException(name, "a line in the head of a part of the answer does not end as it must");
        }
        return line.toString();
    }

    private int read() throws IOException {
        return from < to || fill() ? buffer[from++] & 0xFF : -1;
    }

    /** Where the delimiter begins, or -1. */
    private int find() {
        for (int i = from; i <= to - delimiter.length; i++) {
            if (buffer[i] == '\r' && matches(i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean matches(int at) {
        return Arrays.equals(buffer, at, at + delimiter.length, delimiter, 0, delimiter.length);
    }

    /** Reads more behind what is left. Two bytes in front stay free, where a line end can be put back. */
    private boolean fill() throws IOException {
        System.arraycopy(buffer, from, buffer, 2, to - from);
        to = to - from + 2;
        from = 2;
        int count = in.read(buffer, to, buffer.length - to);
        to += Math.max(count, 0);
        return count > 0;
    }
}
