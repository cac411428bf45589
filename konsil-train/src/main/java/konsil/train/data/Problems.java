package konsil.train.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.tensor.BadInputException;

/** What is wrong with a file of data: all of it is found before anything is said, so that it is repaired at once. */
public final class Problems {
    private static final int MOST_SHOWN = 20;

    private final Path file;
    private final List<String> found = new ArrayList<>();
    private int count;

    public Problems(Path file) {
        this.file = file;
    }

    /** Takes note of one. @param line counted from 1 */
    public synchronized void add(int line, String what) {
        count++;
        if (found.size() < MOST_SHOWN) {
            found.add("\n  line %d: %s".formatted(line, what));
        }
    }

    public boolean any() {
        return count > 0;
    }

    /** @throws BadInputException that lists them, when there are any */
    public void report() {
        if (count > 0) {
            String more = count > MOST_SHOWN ? "\n  and %d more".formatted(count - MOST_SHOWN) : "";
            throw new BadInputException("%s: %d %s cannot be used:%s%s"
                    .formatted(file, count, count == 1 ? "thing" : "things", String.join("", found), more));
        }
    }
}
