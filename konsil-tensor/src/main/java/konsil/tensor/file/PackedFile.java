package konsil.tensor.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.LongConsumer;

/**
 * Konsil's own file: the tensors of a model as the kernels want them, beside everything else the model needs, in one
 * mapping (docs/formats.md). Opening reads the header and the index and checks their sum; all hashes are checked by
 * {@link #verify} alone.
 */
public final class PackedFile implements Checkpoint {
    /** Every tensor starts at a multiple of this. */
    static final long ALIGNMENT = 4096;

    /** Metadata of a GGUF source, as a GGUF file without tensors. */
    static final String GGUF_METADATA = "metadata.gguf";

    private final MappedFile file;
    private final PackedHeader header;
    private final PackedIndex index;
    private final TensorTable tensors;
    private final SequencedMap<String, MemorySegment> files = new LinkedHashMap<>();
    private final SequencedMap<String, PackedIndex.PackedTensor> entries = new LinkedHashMap<>();

    private PackedFile(MappedFile file) {
        this.file = file;
        this.header = PackedHeader.parse(file.bytes(), file.path());
        var indexBytes = file.bytes().asSlice(PackedHeader.BYTES, header.indexBytes());
        this.index = PackedIndex.parse(indexBytes, file.path());
        var infos = index.tensors().stream().map(PackedIndex.PackedTensor::info).toList();
        this.tensors = new TensorTable(file.path(), file.bytes(), infos);
        index.tensors().forEach(tensor -> entries.put(tensor.info().name(), tensor));
        index.files().forEach(this::addFile);
        checkPlaces();
    }

    /**
     * Maps a file and checks header and index.
     *
     * @throws BadFileException when it is no packed file of this version, or damaged
     */
    public static PackedFile open(Path path) throws IOException {
        return open(MappedFile.open(path));
    }

    static PackedFile open(MappedFile file) {
        try {
            return new PackedFile(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void addFile(PackedIndex.Part part) {
        if (part.offset() < 0 || part.bytes() < 0 || part.bytes() > file.size() - part.offset()) {
            throw new BadFileException(file.path(), part.name(), "lies beyond the end of the file");
        }
        if (files.put(part.name(), file.bytes().asSlice(part.offset(), part.bytes())) != null) {
            throw new BadFileException(file.path(), part.name(), "there are two files of this name");
        }
    }

    /** Tensors are aligned, nothing overlaps, and header and index are their own. */
    private void checkPlaces() {
        long end = PackedHeader.BYTES + header.indexBytes();
        for (var place : places()) {
            if (place.bytes() > 0 && place.offset() < end) {
                throw new BadFileException(
                        file.path(), place.name(), "its bytes at %d overlap others".formatted(place.offset()));
            }
            end = Math.max(end, place.offset() + place.bytes());
        }
        for (var tensor : index.tensors()) {
            if (tensor.info().offset() % ALIGNMENT != 0) {
                throw new BadFileException(
                        file.path(),
                        tensor.info().name(),
                        "want a place that is a multiple of %d, got %d"
                                .formatted(ALIGNMENT, tensor.info().offset()));
            }
        }
    }

    /** Every part of the file by place. */
    private List<PackedIndex.Part> places() {
        var places = new ArrayList<>(index.files());
        for (var tensor : index.tensors()) {
            var info = tensor.info();
            places.add(new PackedIndex.Part(info.name(), info.offset(), info.bytes(), tensor.sha256()));
        }
        places.sort(Comparator.comparingLong(PackedIndex.Part::offset).thenComparingLong(PackedIndex.Part::bytes));
        return places;
    }

    /** SHA-256 in hex that stands for the whole file, every tensor included. */
    public String identity() {
        return header.identity().hex();
    }

    /** SHA-256 in hex of a tensor's bytes, as recorded. */
    public String sha256(String name) {
        return entry(name).sha256().hex();
    }

    /** The type a tensor had before it was imported. */
    public FileType originalType(String name) {
        return entry(name).original();
    }

    private PackedIndex.PackedTensor entry(String name) {
        tensors.info(name);
        return entries.get(name);
    }

    /** SHA-256 in hex of each file that the model was made from, by file name. */
    public SequencedMap<String, String> sources() {
        var sources = new LinkedHashMap<String, String>();
        index.sources()
                .forEach(source -> sources.put(source.name(), source.sha256().hex()));
        return sources;
    }

    /**
     * Reads the whole file and compares every hash; bytes between the parts must be zero.
     *
     * @param progress is told the bytes done so far
     * @throws BadFileException that names the first part that differs
     */
    public void verify(LongConsumer progress) {
        header.verify(file.bytes(), file.path());
        long end = PackedHeader.BYTES + header.indexBytes();
        for (var place : places()) {
            requireZero(end, Math.max(end, place.offset()));
            var bytes = file.bytes().asSlice(place.offset(), place.bytes());
            if (!Hash.of(bytes).sameAs(place.sha256())) {
                throw new BadFileException(
                        file.path(), place.name(), "its bytes have changed since the import; import the model again");
            }
            end = Math.max(end, place.offset() + place.bytes());
            progress.accept(end);
        }
        requireZero(end, file.size());
    }

    private void requireZero(long from, long to) {
        for (long at = from; at < to; at++) {
            if (file.bytes().get(ValueLayout.JAVA_BYTE, at) != 0) {
                throw new BadFileException(file.path(), "byte %d belongs to no part and is not zero".formatted(at));
            }
        }
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public List<Path> tensorFiles() {
        return List.of(file.path());
    }

    @Override
    public String format() {
        return "konsil v" + PackedHeader.VERSION;
    }

    @Override
    public SequencedSet<String> names() {
        return tensors.names();
    }

    @Override
    public TensorInfo info(String name) {
        return tensors.info(name);
    }

    @Override
    public MemorySegment bytes(String name) {
        return tensors.bytes(name);
    }

    /** What the import recorded, and what a GGUF source said about itself. */
    @Override
    public Metadata metadata() {
        var values = new LinkedHashMap<String, MetaValue>();
        index.metadata().forEach((key, text) -> values.put(key, new MetaValue.Text(text)));
        file(GGUF_METADATA)
                .ifPresent(bytes ->
                        GgufHeader.parse(bytes, file.path()).metadata().values().forEach(values::putIfAbsent));
        return new Metadata(file.path(), values);
    }

    @Override
    public SequencedSet<String> files() {
        return Collections.unmodifiableSequencedSet(files.sequencedKeySet());
    }

    @Override
    public Optional<MemorySegment> file(String name) {
        return Optional.ofNullable(files.get(name));
    }

    @Override
    public void close() {
        file.close();
    }
}
