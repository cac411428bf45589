package konsil.media.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import konsil.media.BadMediaException;

/** A ZIP file of DICOM files, as portals and research archives hand them out. One entry is in memory at a time. */
public final class DicomArchive {
    private static final int MAX_ENTRIES = 100_000;
    private static final long MAX_TOTAL = 1L << 36;

    private final DataSet.Context context;
    private final Path path;
    private int skipped;

    private DicomArchive(Path path) {
        this.path = path;
        this.context = new DataSet.Context(String.valueOf(path.getFileName()), new Warnings());
    }

    /** Whether a file begins as a ZIP file does. */
    public static boolean isArchive(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] first = in.readNBytes(4);
            return first.length == 4 && first[0] == 'P' && first[1] == 'K' && first[2] == 3 && first[3] == 4;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Hands over every DICOM file; a DICOMDIR is one too. Entries that are something else are passed over.
     *
     * @return how many entries were passed over
     * @throws BadMediaException when this is no readable ZIP file, has more than 100,000 entries, or unpacks to more
     * than
     *     64 GiB or one entry to more than 512 MiB
     */
    public static int forEach(Path path, Consumer<DicomFile> files) {
        var archive = new DicomArchive(path);
        archive.read(files);
        return archive.skipped;
    }

    private void read(Consumer<DicomFile> files) {
        try (var zip = new ZipFile(path.toFile())) {
            if (zip.size() > MAX_ENTRIES) {
                throw context.bad("has %d entries, the limit is %d".formatted(zip.size(), MAX_ENTRIES));
            }
            long total = 0;
            for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
                ZipEntry entry = e.nextElement();
                if (!entry.isDirectory()) {
                    total += entry(zip, entry, files);
                }
                if (total > MAX_TOTAL) {
                    throw context.bad("unpacks to more than %d bytes, the limit".formatted(MAX_TOTAL));
                }
            }
        } catch (ZipException e) {
            throw new BadMediaException(context.name(), "is no ZIP file, or damaged", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int entry(ZipFile zip, ZipEntry entry, Consumer<DicomFile> files) {
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = Inflation.unpack(in, Inflation.MAX_BYTES, context);
        } catch (IOException e) {
            throw new BadMediaException(context.name(), "has an entry that is damaged or encrypted", e);
        }
        String name = entry.getName();
        DicomFile file;
        try {
            file = DicomFile.of(name.substring(name.lastIndexOf('/') + 1), bytes);
        } catch (BadMediaException other) {
            skipped++;
            return bytes.length;
        }
        files.accept(file);
        return bytes.length;
    }
}
