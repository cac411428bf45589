package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** The tensors of one file by name; every one of them lies within the file and shares no byte with another. */
final class TensorTable {
    /** More than any model has by far, and few enough to hold whatever the file says. */
    static final int MOST_TENSORS = 200_000;

    private final Path file;
    private final MemorySegment bytes;
    private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();

    /** @throws BadFileException when two share a name or a byte, or one leaves the file */
    TensorTable(Path file, MemorySegment bytes, Collection<TensorInfo> infos) {
        this.file = file;
        this.bytes = bytes;
        for (var info : infos) {
            if (tensors.putIfAbsent(info.name(), info) != null) {
                throw new BadFileException(file, info.name(), "there are two tensors of this name");
            }
        }
        checkExtents(byOffset(infos));
    }

    static List<TensorInfo> byOffset(Collection<TensorInfo> infos) {
        return infos.stream()
                .sorted(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::bytes))
                .toList();
    }

    private void checkExtents(List<TensorInfo> ordered) {
        long end = 0;
        for (var info : ordered) {
            if (info.offset() < 0 || info.bytes() < 0 || info.bytes() > bytes.byteSize() - info.offset()) {
                throw new BadFileException(
                        file,
                        info.name(),
                        "its %d bytes at byte %d lie beyond the end of the file at %d"
                                .formatted(info.bytes(), info.offset(), bytes.byteSize()));
            }
            if (info.bytes() > 0 && info.offset() < end) {
                throw new BadFileException(
                        file, info.name(), "its bytes at %d overlap those of another tensor".formatted(info.offset()));
            }
            end = Math.max(end, info.end());
        }
    }

    SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(tensors.sequencedKeySet());
    }

    TensorInfo info(String name) {
        var info = tensors.get(name);
        if (info == null) {
            throw new BadFileException(file, name, "there is no tensor of this name");
        }
        return info;
    }

    MemorySegment bytes(String name) {
        var info = info(name);
        if (info.type() == FileType.UNKNOWN) {
            throw new BadFileException(
                    file, name, "its number format is not known to Konsil; convert the model to Q8_0, Q4_0 or BF16");
        }
        return bytes.asSlice(info.offset(), info.bytes());
    }
}
