package konsil.tensor.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import konsil.kernel.PackedWeights;
import konsil.kernel.WeightPacker;
import konsil.kernel.Workers;

/**
 * Packs a checkpoint once into Konsil's own file. Tensors stream through a few megabytes on each of at most two
 * threads; the file appears whole or not at all.
 */
public final class Importer {
    private static final int THREADS = 2;
    private static final long LARGE = 16L << 20;
    private static final long HUGE_PAGE = 2L << 20;
    private static final int COPY_CHUNK = 4 << 20;
    private static final long SMALL_FILE_ALIGNMENT = 64;

    /** Is told how far an import has come; called from several threads. */
    public interface Progress {
        /** Once, before all else. */
        void begin(long totalBytes);

        /** So many more bytes are done. */
        void advance(long bytes);
    }

    private final Checkpoint source;
    private final ImportSettings settings;
    private final Progress progress;
    private final SequencedMap<String, MemorySegment> more = new LinkedHashMap<>();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final Map<String, Hash> hashes = new ConcurrentHashMap<>();
    private final Map<Path, Hash> sourceHashes = new ConcurrentHashMap<>();

    /** @param source must stay open until {@link #run} returns */
    public Importer(Checkpoint source, ImportSettings settings, Progress progress) {
        this.source = source;
        this.settings = settings;
        this.progress = progress;
    }

    /** Adds a file that the source does not have, or replaces one; before {@link #run}. */
    public void add(String name, byte[] content) {
        more.put(name, MemorySegment.ofArray(content.clone()));
    }

    /** Makes a running import stop soon; its {@link #run} throws CancellationException and leaves nothing behind. */
    public void cancel() {
        cancelled.set(true);
    }

    /**
     * Writes the packed file, or replaces one.
     *
     * @throws BadFileException when a tensor cannot be packed
     * @throws IOException when the disk lacks the space or writing fails; nothing is left behind
     */
    public void run(Path target) throws IOException {
        var tensors = ImportPlan.of(source, settings);
        var files = sideFiles(target);
        var index = placed(tensors, files);
        long fileBytes = end(index);
        try (var out = NewFile.create(target)) {
            requireSpace(target, fileBytes);
            writeFiles(out, index, files);
            progress.begin(workBytes(index));
            runAll(tasks(out, index));
            finish(out, index, fileBytes);
        }
    }

    /** Settings and tokenizer of the folder, and what a GGUF file says about itself. */
    private SequencedMap<String, MemorySegment> sideFiles(Path target) {
        var files = new LinkedHashMap<String, MemorySegment>();
        for (String name : source.files()) {
            files.put(name, source.file(name).orElseThrow());
        }
        if (gguf()) {
            var metadata = new LinkedHashMap<>(source.metadata().values());
            byte[] bytes = GgufWriter.header(
                    metadata,
                    List.of(),
                    new Metadata(target, metadata).whole(GgufHeader.ALIGNMENT, GgufHeader.DEFAULT_ALIGNMENT));
            files.put(PackedFile.GGUF_METADATA, MemorySegment.ofArray(bytes));
        }
        files.putAll(more);
        return files;
    }

    /** GGUF metadata keep their types, in a file of their own. */
    private boolean gguf() {
        return source.format().startsWith("GGUF");
    }

    private PackedIndex placed(List<PackedIndex.PackedTensor> tensors, Map<String, MemorySegment> files)
            throws IOException {
        var parts = new ArrayList<PackedIndex.Part>();
        files.forEach((name, bytes) -> parts.add(new PackedIndex.Part(name, 0, bytes.byteSize(), Hash.of(bytes))));
        var sources = new ArrayList<PackedIndex.Source>();
        for (Path file : source.tensorFiles()) {
            sources.add(new PackedIndex.Source(String.valueOf(file.getFileName()), Files.size(file), Hash.ZERO));
        }
        var draft = tensors.stream()
                .map(tensor -> new PackedIndex.PackedTensor(tensor.info(), tensor.original(), Hash.ZERO))
                .toList();
        var unplaced = new PackedIndex(metadata(), sources, parts, draft);
        long at = PackedHeader.BYTES + (long) unplaced.encodedLength();
        var placedParts = new ArrayList<PackedIndex.Part>();
        for (var part : parts) {
            at = aligned(at, SMALL_FILE_ALIGNMENT);
            placedParts.add(new PackedIndex.Part(part.name(), at, part.bytes(), part.sha256()));
            at += part.bytes();
        }
        var placedTensors = new ArrayList<PackedIndex.PackedTensor>();
        for (var tensor : draft) {
            var info = tensor.info();
            at = aligned(at, info.bytes() >= LARGE ? HUGE_PAGE : PackedFile.ALIGNMENT);
            placedTensors.add(new PackedIndex.PackedTensor(
                    ImportPlan.at(info, at, info.bytes()), tensor.original(), tensor.sha256()));
            at += info.bytes();
        }
        return new PackedIndex(unplaced.metadata(), sources, placedParts, placedTensors);
    }

    private SequencedMap<String, String> metadata() {
        var metadata = new LinkedHashMap<String, String>();
        source.metadata().values().forEach((key, value) -> {
            if (value instanceof MetaValue.Text text && !gguf()) {
                metadata.put(key, text.value());
            }
        });
        metadata.put("konsil.format", settings.format().name());
        metadata.put("konsil.source", String.valueOf(source.path().getFileName()));
        metadata.put("konsil.source.format", source.format());
        return metadata;
    }

    private static long aligned(long position, long alignment) {
        return Math.ceilDiv(position, alignment) * alignment;
    }

    private static long end(PackedIndex index) {
        long end = PackedHeader.BYTES + (long) index.encodedLength();
        for (var part : index.files()) {
            end = Math.max(end, part.offset() + part.bytes());
        }
        for (var tensor : index.tensors()) {
            end = Math.max(end, tensor.info().end());
        }
        return end;
    }

    private static void requireSpace(Path target, long bytes) throws IOException {
        long free = Files.getFileStore(target.toAbsolutePath().getParent()).getUsableSpace();
        if (bytes > free) {
            throw new IOException("%s: no space left on the disk: needs %d MB, %d MB are free"
                    .formatted(target, Math.ceilDiv(bytes, 1_000_000), free / 1_000_000));
        }
    }

    private static void writeFiles(NewFile out, PackedIndex index, Map<String, MemorySegment> files)
            throws IOException {
        for (var part : index.files()) {
            out.write(files.get(part.name()), part.offset());
        }
    }

    /** Bytes to be hashed and bytes to be written. */
    private long workBytes(PackedIndex index) throws IOException {
        long bytes = index.tensors().stream()
                .mapToLong(tensor -> tensor.info().bytes())
                .sum();
        for (Path file : source.tensorFiles()) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private List<Callable<Void>> tasks(NewFile out, PackedIndex index) {
        var tasks = new ArrayList<Callable<Void>>();
        // first, because reading a file from end to end brings it into memory for the others
        for (Path file : source.tensorFiles()) {
            tasks.add(() -> {
                hashSource(file);
                return null;
            });
        }
        for (var tensor : index.tensors()) {
            tasks.add(() -> {
                writeTensor(out, tensor.info());
                return null;
            });
        }
        return tasks;
    }

    private void runAll(List<Callable<Void>> tasks) throws IOException {
        try (var crew = new ImportCrew(THREADS, this::cancel)) {
            crew.run(tasks);
        }
    }

    private void writeTensor(NewFile out, TensorInfo info) throws IOException {
        var sha = new Sha256();
        switch (info.layout()) {
            case Layout.RowMajor _ -> copy(out, info, sha);
            case Layout.Packed packed -> pack(out, info, packed, sha);
        }
        hashes.put(info.name(), sha.result());
    }

    private void copy(NewFile out, TensorInfo info, Sha256 sha) throws IOException {
        var bytes = source.bytes(info.name());
        for (long at = 0; at < info.bytes(); at += COPY_CHUNK) {
            var chunk = bytes.asSlice(at, Math.min(COPY_CHUNK, info.bytes() - at));
            write(out, chunk, info.offset() + at, sha);
        }
    }

    private void pack(NewFile out, TensorInfo info, Layout.Packed packed, Sha256 sha) throws IOException {
        int rows = packed.arrangement().out(info.shape());
        int in = packed.arrangement().in(info.shape());
        var format = packed.format();
        try (var workers = new Workers(1);
                var matrix = new MatrixSource(source, info.name(), packed.arrangement(), format);
                var arena = Arena.ofConfined()) {
            var packer = new WeightPacker(workers);
            int most = Math.min(rows, matrix.rowsAtOnce());
            var buffer = arena.allocate(Math.max(1, format.bytes(most, in)), PackedWeights.ALIGNMENT);
            long at = info.offset();
            for (int row = 0; row < rows; row += most) {
                int count = Math.min(most, rows - row);
                var part = buffer.asSlice(0, format.bytes(count, in));
                matrix.pack(row, count, packer, new PackedWeights(format, count, in, part));
                write(out, part, at, sha);
                at += part.byteSize();
            }
        }
    }

    private void write(NewFile out, MemorySegment bytes, long at, Sha256 sha) throws IOException {
        sha.update(bytes);
        out.write(bytes, at);
        advance(bytes.byteSize());
    }

    private void hashSource(Path file) throws IOException {
        sourceHashes.put(file, FileHash.hash(file, this::advance));
    }

    private void advance(long bytes) {
        if (cancelled.get()) {
            throw new CancellationException("the import was stopped");
        }
        progress.advance(bytes);
    }

    private void finish(NewFile out, PackedIndex draft, long fileBytes) throws IOException {
        var sources = new ArrayList<PackedIndex.Source>();
        for (int i = 0; i < draft.sources().size(); i++) {
            var file = draft.sources().get(i);
            var hash = sourceHashes.get(source.tensorFiles().get(i));
            sources.add(new PackedIndex.Source(file.name(), file.bytes(), hash));
        }
        var index = new PackedIndex(draft.metadata(), sources, draft.files(), draft.tensors()).withHashes(hashes);
        byte[] bytes = index.encode();
        out.setLength(fileBytes);
        out.write(MemorySegment.ofArray(bytes), PackedHeader.BYTES);
        out.write(MemorySegment.ofArray(PackedHeader.encode(fileBytes, bytes)), 0);
        if (cancelled.get()) {
            throw new CancellationException("the import was stopped");
        }
        out.commit();
    }
}
