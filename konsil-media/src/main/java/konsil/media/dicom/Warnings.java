package konsil.media.dicom;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a file does against the standard and was read all the same: tags, never values. Each is told once. */
final class Warnings {
    private static final int MOST = 100;

    private final Set<String> told = new LinkedHashSet<>();

    synchronized void add(String warning) {
        if (told.size() < MOST) {
            told.add(warning);
        }
    }

    synchronized List<String> all() {
        return List.copyOf(told);
    }
}
