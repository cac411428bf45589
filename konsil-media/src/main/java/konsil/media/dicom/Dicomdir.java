package konsil.media.dicom;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import konsil.media.BadMediaException;

/** The directory of a DICOM medium (PS3.10 chapter 8, PS3.3 annex F). */
public final class Dicomdir {
    private Dicomdir() {}

    /**
     * A file that the directory names.
     *
     * @param path in the folder of the directory
     * @param type of its record, such as IMAGE
     */
    public record Entry(
            Path path,
            String type,
            Optional<String> sopInstance,
            Optional<String> studyInstance,
            Optional<String> seriesInstance) {}

    /** Whether a file is a directory. */
    public static boolean isDirectory(DicomFile file) {
        return file.dataSet().has(Tag.DIRECTORY_RECORD_SEQUENCE);
    }

    /**
     * All files that are named, in the order of the records; whether they exist is not looked at. Records that name
     * nothing, or a place outside the folder, are passed over.
     *
     * @param folder of the directory
     * @throws BadMediaException when this is no directory
     */
    public static List<Entry> entries(DicomFile file, Path folder) {
        if (!isDirectory(file)) {
            throw file.context().bad(Tag.show(Tag.DIRECTORY_RECORD_SEQUENCE) + " is missing: this is no DICOMDIR");
        }
        var entries = new ArrayList<Entry>();
        Optional<String> study = Optional.empty();
        Optional<String> series = Optional.empty();
        for (DataSet record : file.dataSet().items(Tag.DIRECTORY_RECORD_SEQUENCE)) {
            // Offsets between records are often wrong; their order in the file follows the tree in practice.
            study = record.text(Tag.STUDY_INSTANCE_UID).or(current(study));
            series = record.text(Tag.SERIES_INSTANCE_UID).or(current(series));
            Optional<Path> path = path(record, folder);
            if (path.isPresent()) {
                entries.add(new Entry(
                        path.get(),
                        record.text(Tag.DIRECTORY_RECORD_TYPE).orElse(""),
                        record.text(Tag.REFERENCED_SOP_INSTANCE_UID_IN_FILE),
                        study,
                        series));
            } else if (record.has(Tag.REFERENCED_FILE_ID)) {
                file.context().warnings().add(Tag.show(Tag.REFERENCED_FILE_ID) + " names no file of this folder");
            }
        }
        return entries;
    }

    private static java.util.function.Supplier<Optional<String>> current(Optional<String> value) {
        return () -> value;
    }

    private static Optional<Path> path(DataSet record, Path folder) {
        List<String> parts = record.texts(Tag.REFERENCED_FILE_ID);
        Path path = folder;
        for (String part : parts) {
            boolean plain = !part.isEmpty()
                    && !part.equals("..")
                    && !part.equals(".")
                    && part.chars().noneMatch(c -> c == '/' || c == ':' || Character.isISOControl(c));
            if (!plain) {
                return Optional.empty();
            }
            path = path.resolve(part);
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(path);
    }
}
