package konsil.media.dicom;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import konsil.media.BadMediaException;

/**
 * A DICOM file (PS3.10), with or without preamble and meta header, also packed with gzip. The elements are read when it
 * is opened; pixels and other long values stay in the file until they are asked for. Nothing has to be closed. Defects
 * that leave no doubt about what is meant are read over and told by {@link #warnings}.
 */
public final class DicomFile {
    private final DataSet.Context context;
    private final DataSet meta;
    private final DataSet dataSet;
    private final String transferSyntax;

    DicomFile(DataSet.Context context, DataSet meta, DataSet dataSet, String transferSyntax) {
        this.context = context;
        this.meta = meta;
        this.dataSet = dataSet;
        this.transferSyntax = transferSyntax;
    }

    /**
     * @throws BadMediaException when this is no DICOM file, or damaged beyond reading
     * @throws UncheckedIOException when the file cannot be read at all
     */
    public static DicomFile open(Path path) {
        String name = String.valueOf(path.getFileName());
        try {
            return new FileStart(context(name), new Source.OnDisk(path, Files.size(path))).open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A file that is in memory.
     *
     * @param name what to call it in messages
     * @param bytes neither copied nor changed from here on
     */
    public static DicomFile of(String name, byte[] bytes) {
        return new FileStart(context(name), new Source.Memory(bytes)).open();
    }

    private static DataSet.Context context(String name) {
        return new DataSet.Context(name, new Warnings());
    }

    DataSet.Context context() {
        return context;
    }

    /** The file's name without its folder, as messages show it. */
    public String name() {
        return context.name();
    }

    /** Group 0002; empty when the file has no meta header. */
    public DataSet meta() {
        return meta;
    }

    public DataSet dataSet() {
        return dataSet;
    }

    /** UID of the transfer syntax: the declared one, or the one that the bytes show where it is wrong or missing. */
    public String transferSyntax() {
        return transferSyntax;
    }

    /** What the file does against the standard and was read all the same; tags, never values. */
    public List<String> warnings() {
        return context.warnings().all();
    }

    /** Where each frame lies and how its values are scaled; one for a classic image, none without pixels. */
    public List<FrameInfo> frames() {
        return FunctionalGroups.frames(this);
    }

    /** Whether there are pixels of any kind. */
    public boolean hasPixels() {
        return PixelLayout.pixelTag(dataSet).isPresent();
    }

    /** @throws BadMediaException when there are no pixels, or their description is contradictory */
    public PixelData pixels() {
        return PixelData.of(this);
    }

    /** The UID of what the file is, such as a CT image. */
    public Optional<String> sopClass() {
        return dataSet.text(Tag.SOP_CLASS_UID).or(() -> meta.text(Tag.MEDIA_STORAGE_SOP_CLASS_UID));
    }

    /** The name; no values. */
    @Override
    public String toString() {
        return "DicomFile[%s]".formatted(context.name());
    }
}
