package konsil.media.nifti;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import konsil.media.BadMediaException;
import konsil.media.Raster;
import konsil.media.Volume;

/**
 * NIfTI-1 and NIfTI-2 files (nifti1.h, nifti2.h): one file or a pair of .hdr and .img, plain or packed with gzip,
 * either byte order. docs/volumes.md lists the data types and the rules of place.
 */
public final class NiftiFile {
    /** Deflate packs at most 1032 to 1. */
    private static final long BEST_PACKING = 1032;

    private final String name;
    private final NiftiSettings settings;

    private NiftiFile(String name, NiftiSettings settings) {
        this.name = name;
        this.settings = settings;
    }

    /** How to open the bytes of a file, as often as asked. */
    private interface Source {
        InputStream open() throws IOException;
    }

    /** A file and how long it is. */
    private record Sized(Source source, long bytes) {}

    /**
     * Reads a volume.
     *
     * @param path a .nii or .nii.gz file, or one file of a pair
     * @throws BadMediaException when there is no such volume, or it cannot be used
     * @throws IOException when the disk fails
     */
    public static Volume read(Path path, NiftiSettings settings) throws IOException {
        var file = new NiftiFile(fileName(path), settings);
        Sized header = file.sized(header(path));
        return file.volume(header, file.voxels(path, header));
    }

    /**
     * Reads a volume whose voxels are colours (rgb24, rgba32).
     *
     * @return its slices as stored; alpha is dropped
     * @throws BadMediaException when its voxels are no colours, or it cannot be used
     * @throws IOException when the disk fails
     */
    public static List<Raster> readColours(Path path, NiftiSettings settings) throws IOException {
        var file = new NiftiFile(fileName(path), settings);
        Sized header = file.sized(header(path));
        return file.colours(header, file.voxels(path, header));
    }

    /** Reads a volume that is already in memory, otherwise as {@link #read}. */
    public static Volume decode(String name, byte[] bytes, NiftiSettings settings) {
        var file = new NiftiFile(name, settings);
        var sized = new Sized(() -> new ByteArrayInputStream(bytes), bytes.length);
        try {
            return file.volume(sized, sized);
        } catch (IOException e) {
            throw new BadMediaException(name, "the file cannot be read", e);
        }
    }

    /** How many volumes a file holds. */
    public static int volumes(Path path) throws IOException {
        var file = new NiftiFile(fileName(path), NiftiSettings.first(Volume.Unit.SIGNAL));
        return file.header(file.sized(header(path))).volumes();
    }

    /** Whether a name is that of a NIfTI file or of one of a pair. */
    public static boolean isNamed(Path path) {
        String lower = fileName(path).toLowerCase(Locale.ROOT);
        String plain = lower.endsWith(".gz") ? lower.substring(0, lower.length() - 3) : lower;
        return plain.endsWith(".nii") || plain.endsWith(".hdr") || plain.endsWith(".img");
    }

    private static String fileName(Path path) {
        Path last = path.getFileName();
        return last == null ? path.toString() : last.toString();
    }

    private static Path header(Path path) {
        return partner(path, ".img", ".hdr");
    }

    private static Path voxels(Path path) {
        return partner(path, ".hdr", ".img");
    }

    /** The file of this ending beside one of the other, packed or not; else the file itself. */
    private static Path partner(Path path, String from, String to) {
        String file = fileName(path);
        String lower = file.toLowerCase(Locale.ROOT);
        if (!lower.endsWith(from) && !lower.endsWith(from + ".gz")) {
            return path;
        }
        String stem = file.substring(0, lower.lastIndexOf(from));
        for (String ending : List.of(to, to + ".gz", to.toUpperCase(Locale.ROOT))) {
            Path other = path.resolveSibling(stem + ending);
            if (Files.exists(other)) {
                return other;
            }
        }
        return path;
    }

    private Sized voxels(Path path, Sized header) throws IOException {
        return voxels(path).equals(header(path)) ? header : sized(voxels(path));
    }

    private Sized sized(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw bad(Files.exists(path) ? "want a NIfTI file, this is a folder or a device" : "there is no such file");
        }
        if (!Files.isReadable(path)) {
            throw bad("no permission to read it");
        }
        return new Sized(() -> Files.newInputStream(path), Files.size(path));
    }

    private BadMediaException bad(String what) {
        return new BadMediaException(name, what);
    }

    private NiftiHeader header(Sized file) throws IOException {
        try (InputStream in = unpacked(file.source())) {
            byte[] start = in.readNBytes(4);
            if (start.length < 4) {
                throw bad("the file is empty or cut off at %d bytes".formatted(start.length));
            }
            if (!NiftiHeader.begins(ByteBuffer.wrap(start))) {
                throw bad("this is no NIfTI file: want a header of 348 or 540 bytes");
            }
            int little = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getInt();
            int length = Math.max(NiftiHeader.length(little), NiftiHeader.length(Integer.reverseBytes(little)));
            var data = ByteBuffer.allocate(length).put(start);
            byte[] rest = in.readNBytes(length - 4);
            if (rest.length < length - 4) {
                throw bad("the file ends inside its header, at %d bytes".formatted(4 + rest.length));
            }
            return NiftiHeader.read(name, data.put(rest));
        } catch (ZipException | EOFException e) {
            throw new BadMediaException(name, "the gzip data is damaged or cut off", e);
        }
    }

    private static InputStream unpacked(Source source) throws IOException {
        var in = new BufferedInputStream(source.open(), 1 << 16);
        try {
            in.mark(2);
            boolean packed = in.read() == 0x1F && in.read() == 0x8B;
            in.reset();
            return packed ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16) : in;
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private Volume volume(Sized headerFile, Sized voxelFile) throws IOException {
        NiftiHeader header = header(headerFile);
        if (header.type().kind == NiftiType.Kind.COLOUR) {
            throw bad("its voxels are colours (%s): it can be shown, not measured".formatted(header.type()));
        }
        return read(header, headerFile, voxelFile, NiftiVoxels::volume);
    }

    private List<Raster> colours(Sized headerFile, Sized voxelFile) throws IOException {
        NiftiHeader header = header(headerFile);
        if (header.type().kind != NiftiType.Kind.COLOUR) {
            throw bad("its voxels are no colours but of type %s".formatted(header.type()));
        }
        return read(header, headerFile, voxelFile, NiftiVoxels::colours);
    }

    private interface Use<T> {
        T of(NiftiVoxels voxels) throws IOException;
    }

    private <T> T read(NiftiHeader header, Sized headerFile, Sized voxelFile, Use<T> use) throws IOException {
        if (header.paired() && headerFile.equals(voxelFile)) {
            throw bad("the header says that the voxels are in a file of their own (.img), which is not there");
        }
        Sized file = header.paired() ? voxelFile : headerFile;
        long skipped = start(header, file);
        try (InputStream in = unpacked(file.source())) {
            in.skipNBytes(skipped);
            return use.of(new NiftiVoxels(header, settings.unit(), in));
        } catch (EOFException e) {
            throw new BadMediaException(name, "the file ends inside its voxels: it is cut off", e);
        } catch (ZipException e) {
            throw new BadMediaException(name, "the gzip data is damaged", e);
        }
    }

    /** Where the chosen volume begins, after the checks of its size. */
    private long start(NiftiHeader header, Sized file) throws IOException {
        long[] sizes = header.sizes();
        double voxels = (double) sizes[0] * sizes[1] * sizes[2];
        if (voxels > settings.maxVoxels()) {
            throw bad("it has %d x %d x %d voxels, the limit is %d"
                    .formatted(sizes[0], sizes[1], sizes[2], settings.maxVoxels()));
        }
        if (settings.volume() >= header.volumes()) {
            throw bad("it holds %d volumes, want a number from 0 to %d, got %d"
                    .formatted(header.volumes(), header.volumes() - 1, settings.volume()));
        }
        long bytes = ((long) voxels) * header.type().bytes;
        double start = header.offset() + (double) bytes * settings.volume();
        double most = (double) file.bytes() * (isPacked(file) ? BEST_PACKING : 1);
        if (start + bytes > most) {
            throw bad("the file is %d bytes long, too short for its %d x %d x %d voxels"
                    .formatted(file.bytes(), sizes[0], sizes[1], sizes[2]));
        }
        return (long) start;
    }

    private static boolean isPacked(Sized file) throws IOException {
        try (InputStream in = file.source().open()) {
            return in.read() == 0x1F && in.read() == 0x8B;
        }
    }
}
