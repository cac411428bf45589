package konsil.tensor.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** Finds out what lies at a path: which format a file has, which files of a folder make up a checkpoint. */
final class CheckpointFiles {
    /** Lists the shards of a checkpoint, as transformers writes it. */
    static final String INDEX = "model.safetensors.index.json";

    /** Files of a model folder that belong to the model, besides its tensors. */
    static final List<String> SIDE_FILES = List.of(
            "config.json",
            "generation_config.json",
            "preprocessor_config.json",
            "processor_config.json",
            "tokenizer.json",
            "tokenizer.model",
            "spiece.model",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "chat_template.json",
            "adapter_config.json");

    private static final int MAX_PARTS = 1024;

    private CheckpointFiles() {}

    static Checkpoint open(Path path) throws IOException {
        return Files.isDirectory(path) ? openFolder(path) : openFile(path);
    }

    static Checkpoint open(Path first, List<Path> others) throws IOException {
        if (others.isEmpty()) {
            return open(first);
        }
        var parts = new ArrayList<Checkpoint>();
        try {
            parts.add(open(first));
            for (var other : others) {
                parts.add(open(other));
            }
        } catch (IOException | RuntimeException e) {
            parts.forEach(Checkpoint::close);
            throw e;
        }
        return new JoinedCheckpoint(first, parts, Map.of());
    }

    static Checkpoint openAll(List<Path> paths) throws IOException {
        var parts = new ArrayList<Checkpoint>();
        try {
            for (var path : paths) {
                parts.add(open(path));
            }
        } catch (IOException | RuntimeException e) {
            parts.forEach(Checkpoint::close);
            throw e;
        }
        return new JoinedCheckpoint(paths.getFirst(), parts, Map.of());
    }

    private static Checkpoint openFile(Path path) throws IOException {
        long magic = magic(path);
        if (magic == PackedHeader.MAGIC) {
            return PackedFile.open(path);
        }
        return (magic & 0xFFFFFFFFL) == Gguf.MAGIC ? Gguf.open(path) : Safetensors.open(path);
    }

    /** The first eight bytes, little-endian; 0 when there are none. */
    private static long magic(Path path) throws IOException {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            return 0;
        }
        var start = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        try (var channel = FileChannel.open(path)) {
            channel.read(start);
        }
        return start.getLong(0);
    }

    private static Checkpoint openFolder(Path folder) throws IOException {
        var paths = tensorFiles(folder);
        var parts = new ArrayList<Checkpoint>();
        Map<String, MappedFile> sideFiles;
        try {
            for (var path : paths) {
                parts.add(openFile(path));
            }
            sideFiles = sideFiles(folder);
        } catch (IOException | RuntimeException e) {
            parts.forEach(Checkpoint::close);
            throw e;
        }
        if (parts.size() == 1 && parts.getFirst() instanceof PackedFile packed) {
            sideFiles.values().forEach(MappedFile::close); // a packed file brings its own
            return packed;
        }
        var joined = new JoinedCheckpoint(folder, parts, sideFiles);
        if (Files.exists(folder.resolve(INDEX))) {
            checkIndex(folder, joined, parts);
        }
        return joined;
    }

    static Checkpoint openSettings(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new BadFileException(folder, "want the folder of a model");
        }
        return new JoinedCheckpoint(folder, List.of(), sideFiles(folder));
    }

    private static Map<String, MappedFile> sideFiles(Path folder) throws IOException {
        var sideFiles = new LinkedHashMap<String, MappedFile>();
        try {
            for (String name : SIDE_FILES) {
                if (Files.isRegularFile(folder.resolve(name))) {
                    sideFiles.put(name, MappedFile.open(folder.resolve(name)));
                }
            }
        } catch (IOException | RuntimeException e) {
            sideFiles.values().forEach(MappedFile::close);
            throw e;
        }
        return sideFiles;
    }

    /** The files that hold the tensors: those of the index, or the one model file, or all of one kind. */
    private static List<Path> tensorFiles(Path folder) throws IOException {
        if (Files.exists(folder.resolve(INDEX))) {
            return shards(folder);
        }
        for (String suffix : List.of(".safetensors", ".gguf", ".konsil")) {
            var found = ending(folder, suffix);
            var single = folder.resolve("model" + suffix);
            if (found.contains(single)) {
                return List.of(single);
            }
            if (!found.isEmpty()) {
                return found;
            }
        }
        throw new BadFileException(folder, "want a .safetensors, .gguf or .konsil file in this folder, found none");
    }

    /** Text models before image models (mmproj), so that the text model's metadata counts. */
    private static List<Path> ending(Path folder, String suffix) throws IOException {
        try (var files = Files.list(folder)) {
            var found = files.filter(Files::isRegularFile)
                    .filter(path -> path.getFileName().toString().endsWith(suffix))
                    .limit(MAX_PARTS + 1L)
                    .sorted((a, b) -> Boolean.compare(mmproj(a), mmproj(b)) != 0
                            ? Boolean.compare(mmproj(a), mmproj(b))
                            : a.compareTo(b))
                    .toList();
            if (found.size() > MAX_PARTS) {
                throw new BadFileException(folder, "want at most %d %s files".formatted(MAX_PARTS, suffix));
            }
            return found;
        }
    }

    private static boolean mmproj(Path path) {
        return path.getFileName().toString().contains("mmproj");
    }

    private static List<Path> shards(Path folder) throws IOException {
        var paths = new ArrayList<Path>();
        for (String shard : new LinkedHashSet<>(weightMap(folder).values())) {
            paths.add(folder.resolve(shard));
        }
        return paths;
    }

    /** Tensor name to file name. */
    private static Map<String, String> weightMap(Path folder) throws IOException {
        Path index = folder.resolve(INDEX);
        var fields = Fields.of(index, Json.read(index, JsonLimits.settings())).in("weight_map");
        var map = new LinkedHashMap<String, String>();
        var shards = new LinkedHashSet<String>();
        for (String tensor : fields.names()) {
            String shard = fields.text(tensor);
            requirePlainName(index, shard);
            map.put(tensor, shard);
            shards.add(shard);
        }
        if (shards.isEmpty() || shards.size() > MAX_PARTS) {
            throw new BadFileException(index, "want 1 to %d files, got %d".formatted(MAX_PARTS, shards.size()));
        }
        return map;
    }

    /** A shard lies in the folder itself; an index must not reach anywhere else. */
    private static void requirePlainName(Path index, String shard) {
        boolean plain = shard.matches("[A-Za-z0-9._-]{1,200}") && shard.endsWith(".safetensors");
        if (!plain) {
            throw new BadFileException(index, shard, "want the plain name of a .safetensors file in the same folder");
        }
    }

    private static void checkIndex(Path folder, Checkpoint joined, List<Checkpoint> parts) throws IOException {
        try {
            var map = weightMap(folder);
            for (var part : parts) {
                requireListed(part, map);
            }
            SequencedSet<String> names = joined.names();
            for (var entry : map.entrySet()) {
                if (!names.contains(entry.getKey())) {
                    throw new BadFileException(
                            folder.resolve(entry.getValue()), entry.getKey(), "is in the index but not in this file");
                }
            }
        } catch (IOException | RuntimeException e) {
            joined.close();
            throw e;
        }
    }

    private static void requireListed(Checkpoint part, Map<String, String> map) {
        String file = String.valueOf(part.path().getFileName());
        for (String name : part.names()) {
            if (!file.equals(map.get(name))) {
                throw new BadFileException(
                        part.path(),
                        name,
                        "%s does not list it for this file; do the files come from one download?".formatted(INDEX));
            }
        }
    }
}
