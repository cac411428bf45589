package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * Several files that are one model: the shards of a folder, or a text and an image GGUF. Where two files say something
 * about the same metadata key, or both hold a settings file of the same name, the first one counts. Settings files
 * that lie in the folder itself come before those that packed files hold.
 */
final class JoinedCheckpoint implements Checkpoint {
    private final Path path;
    private final List<Checkpoint> parts;
    private final SequencedMap<String, Checkpoint> owners = new LinkedHashMap<>();
    private final SequencedMap<String, MappedFile> files;
    private final Metadata metadata;

    /** Takes ownership of the parts and files, also when it throws. */
    JoinedCheckpoint(Path path, List<? extends Checkpoint> parts, Map<String, MappedFile> files) {
        this.path = path;
        this.parts = List.copyOf(parts);
        this.files = new LinkedHashMap<>(files);
        var values = new LinkedHashMap<String, MetaValue>();
        try {
            for (var part : parts) {
                part.metadata().values().forEach(values::putIfAbsent);
                for (String name : part.names()) {
                    add(name, part);
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        this.metadata = new Metadata(path, values);
    }

    private void add(String name, Checkpoint part) {
        var twin = owners.putIfAbsent(name, part);
        if (twin != null) {
            throw new BadFileException(
                    part.path(),
                    name,
                    "the file %s has a tensor of this name, too"
                            .formatted(twin.path().getFileName()));
        }
    }

    private Checkpoint owner(String name) {
        var owner = owners.get(name);
        if (owner == null) {
            throw new BadFileException(path, name, "there is no tensor of this name");
        }
        return owner;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public List<Path> tensorFiles() {
        return parts.stream().flatMap(part -> part.tensorFiles().stream()).toList();
    }

    @Override
    public String format() {
        String format = parts.isEmpty() ? "no tensors" : parts.getFirst().format();
        return parts.size() <= 1 ? format : "%s, %d files".formatted(format, parts.size());
    }

    @Override
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(owners.sequencedKeySet());
    }

    @Override
    public TensorInfo info(String name) {
        return owner(name).info(name);
    }

    @Override
    public MemorySegment bytes(String name) {
        return owner(name).bytes(name);
    }

    @Override
    public Metadata metadata() {
        return metadata;
    }

    @Override
    public SequencedSet<String> files() {
        var names = new LinkedHashSet<>(files.keySet());
        parts.forEach(part -> names.addAll(part.files()));
        return Collections.unmodifiableSequencedSet(names);
    }

    @Override
    public Optional<MemorySegment> file(String name) {
        var own = Optional.ofNullable(files.get(name)).map(MappedFile::bytes);
        return own.or(
                () -> parts.stream().flatMap(part -> part.file(name).stream()).findFirst());
    }

    @Override
    public void close() {
        parts.forEach(Checkpoint::close);
        files.values().forEach(MappedFile::close);
    }
}
