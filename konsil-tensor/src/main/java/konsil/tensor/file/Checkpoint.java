package konsil.tensor.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.UnaryOperator;

/**
 * Named tensors of a model, mapped from one file or several: safetensors, GGUF, or Konsil's own packed file. What
 * {@link #bytes} returns lives until {@link #close}. Safe to read from several threads.
 */
public interface Checkpoint extends AutoCloseable {
    /**
     * Opens whatever lies at this path: a .safetensors, .gguf or .konsil file (told by content, not by name), or a
     * folder that holds one checkpoint.
     *
     * @throws BadFileException when it is none of these, damaged or hostile
     * @throws IOException when the disk fails
     */
    static Checkpoint open(Path path) throws IOException {
        return CheckpointFiles.open(path);
    }

    /**
     * Opens several files that are one model, as a text and an image GGUF. Where two say something about the same
     * metadata key, the first counts.
     *
     * @throws BadFileException also when two hold a tensor of the same name
     */
    static Checkpoint open(Path first, List<Path> others) throws IOException {
        return CheckpointFiles.open(first, others);
    }

    /**
     * Opens files that are one model together: a text and an image GGUF. Where two files say something about the same
     * metadata key, the first one counts.
     *
     * @param paths at least one, each as for {@link #open(Path)}
     * @throws BadFileException as {@link #open(Path)}, and when two files have a tensor of the same name
     */
    static Checkpoint open(List<Path> paths) throws IOException {
        return paths.size() == 1 ? open(paths.getFirst()) : CheckpointFiles.openAll(paths);
    }

    /**
     * Opens the other files of a model's folder, without its tensors: there are none of them in what is returned.
     *
     * @throws BadFileException when it is no folder
     * @throws IOException when the disk fails
     */
    static Checkpoint openSettings(Path folder) throws IOException {
        return CheckpointFiles.openSettings(folder);
    }

    /** What was opened: a file or a folder. */
    Path path();

    /** The files that hold the tensors. */
    List<Path> tensorFiles();

    /** "safetensors", "GGUF v3", "konsil v1". */
    String format();

    /** All tensors, in the order of the file. */
    SequencedSet<String> names();

    /**
     * Type, shape and place of a tensor.
     *
     * @throws BadFileException when there is none of this name
     */
    TensorInfo info(String name);

    /**
     * The tensor exactly as the file has it, read-only.
     *
     * @throws BadFileException when there is no tensor of this name, or its type is one whose size is not known
     */
    MemorySegment bytes(String name);

    /** Whether two tensors have the same type, shape, layout and bytes. @throws BadFileException as {@link #bytes} */
    default boolean same(String name, String other) {
        var a = info(name);
        var b = info(other);
        boolean alike = a.type() == b.type()
                && a.shape().equals(b.shape())
                && a.layout().equals(b.layout());
        return alike && bytes(name).mismatch(bytes(other)) == -1;
    }

    /** What the file says about itself. */
    Metadata metadata();

    /** Files that belong to the model besides its tensors, by name: config.json, tokenizer.json and so on. */
    SequencedSet<String> files();

    /** One of {@link #files}, or empty when there is none of this name. */
    Optional<MemorySegment> file(String name);

    /**
     * The fields of one of {@link #files} that is a JSON object, or empty when there is none of this name.
     *
     * @throws BadFileException when it is no JSON object of a reasonable size
     */
    default Optional<Fields> settings(String name) {
        Path path = path().resolve(name);
        return file(name).map(bytes -> Fields.of(path, Json.parse(bytes, path, JsonLimits.settings())));
    }

    /** One of {@link #files} for readers that know nothing of segments, read-only; good until {@link #close}. */
    default Optional<ByteBuffer> fileBuffer(String name) {
        return file(name).map(bytes -> bytes.asByteBuffer().asReadOnlyBuffer());
    }

    /** Unmaps everything; segments from here must not be used afterwards. */
    @Override
    void close();

    /**
     * Decodes elements of a tensor to f32, whatever its type and layout, in row-major order.
     *
     * @param first index of the first element; a multiple of the type's block
     * @param count how many; a multiple of the type's block, or up to the end of the tensor
     * @param to at least 4 * count bytes
     * @throws BadFileException when there is no such tensor or its type cannot be read as f32
     * @throws IndexOutOfBoundsException when the range does not fit the tensor or {@code to}
     */
    default void readF32(String name, long first, long count, MemorySegment to) {
        F32Decoder.read(path(), info(name), bytes(name), first, count, to);
    }

    /** A whole tensor as f32, for small ones. @throws BadFileException as {@link #readF32}, or above 2^31 elements */
    default float[] f32(String name) {
        var info = info(name);
        if (info.elements() > Integer.MAX_VALUE - 16) {
            throw new BadFileException(path(), name, "%d elements do not fit an array".formatted(info.elements()));
        }
        F32Decoder.requireReadable(path(), info);
        float[] values = new float[(int) info.elements()];
        readF32(name, 0, values.length, MemorySegment.ofArray(values));
        return values;
    }

    /**
     * The same tensors under other names. Closing the result closes this.
     *
     * @param toName from the file's name to the one to ask by
     * @throws BadFileException when two tensors get the same name
     */
    default Checkpoint renamed(UnaryOperator<String> toName) {
        return new RenamedCheckpoint(this, toName);
    }
}
