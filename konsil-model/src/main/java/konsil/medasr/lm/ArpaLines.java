package konsil.medasr.lm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import konsil.tensor.file.BadFileException;

/** The lines of an ARPA file, one at a time and cut into fields at spaces and tabs, in a fixed amount of memory. */
final class ArpaLines {
    /** Of bytes in a line. */
    static final int LONGEST = 1 << 16;

    private static final int END_OF_FILE = -1;

    private final InputStream in;
    private final Path file;
    private final byte[] buffer = new byte[1 << 16];
    private final byte[] line = new byte[LONGEST];
    private final int[] starts = new int[32];
    private final int[] ends = new int[32];
    private int filled;
    private int taken;
    private int length;
    private int fields;
    private long number;

    ArpaLines(InputStream in, Path file) {
        this.in = in;
        this.file = file;
    }

    /** Reads the next line. @return false at the end of the file */
    boolean next() throws IOException {
        int next = read();
        if (next == END_OF_FILE) {
            return false;
        }
        number++;
        length = 0;
        while (next != '\n' && next != END_OF_FILE) {
            if (length == LONGEST) {
                throw bad("is longer than %d bytes".formatted(LONGEST));
            }
            line[length++] = (byte) next;
            next = read();
        }
        cut();
        return true;
    }

    private int read() throws IOException {
        if (taken == filled) {
            filled = in.read(buffer, 0, buffer.length);
            taken = 0;
            if (filled <= 0) {
                filled = 0;
                return END_OF_FILE;
            }
        }
        return buffer[taken++] & 0xFF;
    }

    private void cut() {
        fields = 0;
        for (int i = 0; i < length; ) {
            while (i < length && space(line[i])) {
                i++;
            }
            int start = i;
            while (i < length && !space(line[i])) {
                i++;
            }
            if (i > start) {
                int at = Math.min(fields++, starts.length - 1); // more than any n-gram has are counted, not kept
                starts[at] = start;
                ends[at] = i;
            }
        }
    }

    private static boolean space(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    int fields() {
        return fields;
    }

    /** In bytes. */
    int length() {
        return length;
    }

    String field(int index) {
        return new String(line, starts[index], ends[index] - starts[index], StandardCharsets.UTF_8);
    }

    long wordHash(int field) {
        return WordHash.of(line, starts[field], ends[field] - starts[field]);
    }

    /** Whether the whole line, but for spaces around it, is this text. */
    boolean is(String text) {
        return fields == 1 && field(0).equals(text);
    }

    /** The line without spaces around it. */
    String text() {
        return new String(line, 0, length, StandardCharsets.UTF_8).strip();
    }

    /** log10, finite. */
    float number(int field) {
        int size = ends[field] - starts[field];
        byte last = line[ends[field] - 1];
        if (size <= 40 && (last >= '0' && last <= '9' || last == '.')) {
            try {
                float value = Float.parseFloat(field(field));
                if (Float.isFinite(value)) {
                    return value;
                }
            } catch (NumberFormatException _) {
                // the same answer as for any other field that is no number
            }
        }
        throw bad("want a finite number in field %d".formatted(field + 1));
    }

    BadFileException bad(String what) {
        return new BadFileException(file, "line %d: %s".formatted(number, what));
    }
}
