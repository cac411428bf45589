package konsil.media.study;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import konsil.media.BadMediaException;
import konsil.media.dicom.DicomArchive;
import konsil.media.dicom.DicomFile;
import konsil.media.dicom.Dicomdir;

/** The files that a path stands for: itself, those of a folder, those that a DICOMDIR names, those of a ZIP file. */
final class StudyEntries implements Closeable {
    private static final int MOST_FILES = 100_000;
    private static final int DEEPEST = 32;
    private static final int MOST_BYTES = 512 << 20;

    /** One file. */
    sealed interface Entry {
        /** On disk: of any kind. */
        record OnDisk(Path path) implements Entry {}

        /** In a ZIP file: DICOM, or nothing. */
        record Packed(StudyFile file) implements Entry {}
    }

    private final String name;
    private final List<Entry> all = new ArrayList<>();
    private final List<ZipFile> archives = new ArrayList<>();

    private StudyEntries(Path path) {
        name = name(path);
    }

    /** A name without folders. */
    static String name(Path path) {
        Path last = path.getFileName();
        return last == null ? path.toString() : last.toString();
    }

    static StudyEntries of(Path path) throws IOException {
        var entries = new StudyEntries(path);
        try {
            entries.collect(path);
        } catch (IOException | RuntimeException e) {
            entries.close();
            throw e;
        }
        return entries;
    }

    List<Entry> all() {
        return all;
    }

    private void collect(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (var walk = Files.walk(path, DEEPEST)) {
                for (Path file : walk.filter(Files::isRegularFile)
                        .filter(file -> !name(file).startsWith("."))
                        .limit(MOST_FILES + 1L)
                        .sorted()
                        .toList()) {
                    add(new Entry.OnDisk(file));
                }
            }
            return;
        }
        if (!Files.exists(path)) {
            throw new BadMediaException(name, "there is no such file or folder");
        }
        if (!Files.isReadable(path)) {
            throw new BadMediaException(name, "no permission to read it");
        }
        if (DicomArchive.isArchive(path)) {
            archive(path);
        } else if (name.equalsIgnoreCase("DICOMDIR")) {
            directory(path);
        } else {
            add(new Entry.OnDisk(path));
        }
    }

    private void add(Entry entry) {
        if (all.size() >= MOST_FILES) {
            throw new BadMediaException(name, "holds more than %d files, the limit".formatted(MOST_FILES));
        }
        all.add(entry);
    }

    private void directory(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        for (var entry : Dicomdir.entries(DicomFile.open(path), folder)) {
            add(new Entry.OnDisk(entry.path()));
        }
    }

    private void archive(Path path) throws IOException {
        try {
            var zip = new ZipFile(path.toFile());
            archives.add(zip);
            for (var found = zip.entries(); found.hasMoreElements(); ) {
                ZipEntry entry = found.nextElement();
                if (!entry.isDirectory()) {
                    String last = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                    add(new Entry.Packed(new StudyFile(last, () -> open(zip, entry, last))));
                }
            }
        } catch (ZipException e) {
            throw new BadMediaException(name, "is no ZIP file, or damaged", e);
        }
    }

    private static DicomFile open(ZipFile zip, ZipEntry entry, String name) {
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (ZipException e) {
            throw new BadMediaException(name, "this entry of the ZIP file is damaged or encrypted", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (bytes.length > MOST_BYTES) {
            throw new BadMediaException(name, "unpacks to more than %d bytes, the limit".formatted(MOST_BYTES));
        }
        return DicomFile.of(name, bytes);
    }

    @Override
    public void close() throws IOException {
        for (ZipFile archive : archives) {
            archive.close();
        }
    }
}
