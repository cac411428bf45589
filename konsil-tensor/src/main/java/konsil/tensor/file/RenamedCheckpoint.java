package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.UnaryOperator;

/** A checkpoint whose tensors are asked for by other names. */
final class RenamedCheckpoint implements Checkpoint {
    private final Checkpoint inner;
    private final SequencedMap<String, String> innerNames = new LinkedHashMap<>();

    RenamedCheckpoint(Checkpoint inner, UnaryOperator<String> toName) {
        this.inner = inner;
        for (String innerName : inner.names()) {
            String name = toName.apply(innerName);
            String twin = innerNames.putIfAbsent(name, innerName);
            if (twin != null) {
                throw new BadFileException(
                        inner.path(), innerName, "stands for %s, as does the tensor %s".formatted(name, twin));
            }
        }
    }

    private String innerName(String name) {
        return innerNames.getOrDefault(name, name);
    }

    private void requireKnown(String name) {
        if (!innerNames.containsKey(name)) {
            throw new BadFileException(inner.path(), name, "there is no tensor of this name");
        }
    }

    @Override
    public Path path() {
        return inner.path();
    }

    @Override
    public List<Path> tensorFiles() {
        return inner.tensorFiles();
    }

    @Override
    public String format() {
        return inner.format();
    }

    @Override
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(innerNames.sequencedKeySet());
    }

    @Override
    public TensorInfo info(String name) {
        requireKnown(name);
        return inner.info(innerName(name)).named(name);
    }

    @Override
    public MemorySegment bytes(String name) {
        requireKnown(name);
        return inner.bytes(innerName(name));
    }

    @Override
    public Metadata metadata() {
        return inner.metadata();
    }

    @Override
    public SequencedSet<String> files() {
        return inner.files();
    }

    @Override
    public Optional<MemorySegment> file(String name) {
        return inner.file(name);
    }

    @Override
    public void close() {
        inner.close();
    }
}
