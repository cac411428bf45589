package konsil.media.study;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a path holds: a DICOM file, also packed with gzip, a folder or a ZIP file of them, a DICOMDIR, a NIfTI file or
 * pair, a slide, a picture. Headers are read at once, pixels when they are asked for; of a ZIP file nothing is unpacked
 * to disk. A damaged file is one refused part and stops nothing.
 *
 * @param parts what can be shown, in the order of their first files, then what cannot
 * @param files the DICOM files among them
 * @param archive what must stay open
 */
public record Study(List<StudyPart> parts, List<StudyFile> files, Closeable archive) implements AutoCloseable {
    public Study {
        parts = List.copyOf(parts);
        files = List.copyOf(files);
    }

    /**
     * @throws konsil.media.BadMediaException when there is nothing at this path, or more than 100,000 files
     * @throws IOException when the disk fails
     */
    public static Study open(Path path) throws IOException {
        var entries = StudyEntries.of(path);
        try {
            return new StudyReader(entries).read();
        } catch (UncheckedIOException e) {
            entries.close();
            throw e.getCause();
        } catch (IOException | RuntimeException e) {
            entries.close();
            throw e;
        }
    }

    /** What can be shown. */
    public List<StudyPart> shown() {
        return parts.stream()
                .filter(part -> !(part instanceof StudyPart.Refused))
                .toList();
    }

    /** What cannot, with reasons. */
    public List<StudyPart.Refused> refused() {
        return parts.stream()
                .filter(StudyPart.Refused.class::isInstance)
                .map(StudyPart.Refused.class::cast)
                .toList();
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
