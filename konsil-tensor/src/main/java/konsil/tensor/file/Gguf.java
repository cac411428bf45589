package konsil.tensor.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * One GGUF file of version 2 or 3, little-endian: typed metadata, then tensor names, shapes and types, then the data
 * (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). Shapes are turned round: outermost dimension first.
 */
public final class Gguf implements Checkpoint {
    /** "GGUF" as a little-endian number. */
    static final long MAGIC = 0x46554747L;

    private final MappedFile file;
    private final GgufHeader header;
    private final TensorTable tensors;

    private Gguf(MappedFile file) {
        this.file = file;
        this.header = GgufHeader.parse(file.bytes(), file.path());
        this.tensors = new TensorTable(file.path(), file.bytes(), header.tensors());
    }

    /**
     * Maps a file and checks everything but the data.
     *
     * @throws BadFileException when it is no GGUF file of these versions, damaged or hostile
     */
    public static Gguf open(Path path) throws IOException {
        return open(MappedFile.open(path));
    }

    static Gguf open(MappedFile file) {
        try {
            return new Gguf(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
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
        return "GGUF v" + header.version();
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

    @Override
    public Metadata metadata() {
        return header.metadata();
    }

    @Override
    public SequencedSet<String> files() {
        return Collections.unmodifiableSequencedSet(new LinkedHashSet<>());
    }

    @Override
    public Optional<MemorySegment> file(String name) {
        return Optional.empty();
    }

    @Override
    public void close() {
        file.close();
    }
}
