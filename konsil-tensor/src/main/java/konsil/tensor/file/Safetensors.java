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
 * One safetensors file: eight bytes of header length, a JSON header, then the tensors one after the other without
 * holes (https://github.com/huggingface/safetensors, Format). Checked as strictly as the reference reader does; data
 * need not be aligned.
 */
public final class Safetensors implements Checkpoint {
    private static final int LENGTH_BYTES = 8;

    private final MappedFile file;
    private final TensorTable tensors;
    private final Metadata metadata;

    private Safetensors(MappedFile file, TensorTable tensors, Metadata metadata) {
        this.file = file;
        this.tensors = tensors;
        this.metadata = metadata;
    }

    /**
     * Maps a file and checks its header.
     *
     * @throws BadFileException when it is no safetensors file, damaged or hostile
     */
    public static Safetensors open(Path path) throws IOException {
        return open(MappedFile.open(path));
    }

    static Safetensors open(MappedFile file) {
        try {
            return parse(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static Safetensors parse(MappedFile file) {
        var cursor = new ByteCursor(file.path(), file.bytes());
        long length = cursor.u64("the length of the safetensors header");
        if (length < 2 || length > cursor.remaining()) {
            throw new BadFileException(
                    file.path(),
                    "want a safetensors header of 2 to %d bytes, the file says %s"
                            .formatted(cursor.remaining(), Long.toUnsignedString(length)));
        }
        long dataStart = LENGTH_BYTES + length;
        var header = SafetensorsHeader.parse(cursor.take(length, "the header"), dataStart, file.path());
        var table = new TensorTable(file.path(), file.bytes(), header.tensors());
        requireNoHoles(file, header, dataStart);
        return new Safetensors(file, table, Metadata.ofText(file.path(), header.metadata()));
    }

    /** Every byte belongs to a tensor, so nothing can hide in the file. */
    private static void requireNoHoles(MappedFile file, SafetensorsHeader header, long dataStart) {
        long end = dataStart;
        for (var info : TensorTable.byOffset(header.tensors())) {
            if (info.offset() != end) {
                throw new BadFileException(
                        file.path(),
                        info.name(),
                        "starts at byte %d, the one before it ends at %d".formatted(info.offset(), end));
            }
            end = info.end();
        }
        if (end != file.size()) {
            throw new BadFileException(
                    file.path(), "the last tensor ends at byte %d, the file at %d".formatted(end, file.size()));
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
        return "safetensors";
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
        return metadata;
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
