package konsil.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import konsil.tensor.BadInputException;

/** The sound files that words of a command line stand for. */
final class Recordings {
    private static final Set<String> ENDINGS =
            Set.of("wav", "wave", "aif", "aiff", "aifc", "flac", "ogg", "oga", "opus", "webm");

    private Recordings() {}

    /**
     * The files of one word, sorted: a file itself, whatever it is called; the sound files in a folder, by how their
     * names end; what matches a pattern that no shell has filled in.
     *
     * @throws BadInputException when a folder or a pattern has none
     */
    static List<Path> of(String word) throws IOException {
        Optional<Path> path = path(word);
        if (path.isPresent() && Files.isDirectory(path.get())) {
            var found = list(path.get(), Recordings::isSound);
            if (found.isEmpty()) {
                throw new BadInputException(word + ": there is no sound file in this folder");
            }
            return found;
        }
        boolean pattern = word.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
        if (path.isPresent() && (!pattern || Files.exists(path.get()))) {
            return List.of(path.get());
        }
        return matching(word);
    }

    /** Empty when the system allows no such name. */
    private static Optional<Path> path(String word) {
        try {
            return Optional.of(Path.of(word));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    private static List<Path> matching(String word) throws IOException {
        int slash = Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\'));
        String folder = slash < 0 ? "" : word.substring(0, Math.max(1, slash));
        try {
            var matcher = FileSystems.getDefault().getPathMatcher("glob:" + word.substring(slash + 1));
            var found = list(Path.of(folder), file -> matcher.matches(file.getFileName()));
            if (!found.isEmpty()) {
                return found;
            }
        } catch (PatternSyntaxException | InvalidPathException _) {
            // as good as a pattern that nothing matches
        }
        throw new BadInputException(word + ": no file matches");
    }

    private static List<Path> list(Path folder, Predicate<Path> wanted) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> Files.isRegularFile(file) && wanted.test(file))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isSound(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }
}
