package konsil.clinic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import konsil.medgemma.SoftTokens;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.SafetensorsWriter;

/**
 * Soft tokens of views that were looked at before, in memory and, when a folder is given, on disk: looking is what
 * takes longest. Keys are hashes of the pixels and of the model that looked. A damaged file is as good as none. Files
 * grow without limit; deleting them is always allowed.
 */
final class SoftTokenCache {
    private static final String TENSOR = "soft_tokens";

    private final Optional<Path> folder;
    private final long limit;
    private final Map<String, SoftTokens> known = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param limit bytes in memory; what was used longest ago goes first */
    SoftTokenCache(Optional<Path> folder, long limit) {
        this.folder = folder;
        this.limit = limit;
    }

    /**
     * What a key stands for, if it is known.
     *
     * @param tokens soft tokens of a view
     * @param size of each
     */
    synchronized Optional<SoftTokens> find(String key, int tokens, int size) {
        var there = Optional.ofNullable(known.get(key));
        if (there.isEmpty()) {
            there = folder.flatMap(f -> read(file(f, key), tokens, size));
            there.ifPresent(soft -> keep(key, soft));
        }
        return there;
    }

    /** @throws BadInputException when there is a folder and it cannot be written to */
    synchronized SoftTokens put(String key, Supplier<SoftTokens> look) {
        var soft = look.get();
        keep(key, soft);
        folder.ifPresent(f -> write(f, key, soft));
        return soft;
    }

    private void keep(String key, SoftTokens soft) {
        known.put(key, soft);
        bytes += size(soft);
        var oldest = known.entrySet().iterator();
        while (bytes > limit && known.size() > 1) {
            bytes -= size(oldest.next().getValue());
            oldest.remove();
        }
    }

    private static long size(SoftTokens soft) {
        return 4L * soft.values().length;
    }

    private static Path file(Path folder, String key) {
        return folder.resolve(key + ".safetensors");
    }

    private static Optional<SoftTokens> read(Path file, int tokens, int size) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (var there = Checkpoint.open(file)) {
            boolean fits = there.names().contains(TENSOR)
                    && there.info(TENSOR).shape().equals(List.of((long) tokens, (long) size));
            return fits ? Optional.of(new SoftTokens(there.f32(TENSOR), tokens, size)) : Optional.empty();
        } catch (BadInputException | IOException _) {
            return Optional.empty();
        }
    }

    private static void write(Path folder, String key, SoftTokens soft) {
        try {
            Files.createDirectories(folder);
            var tensor = NewTensor.of(TENSOR, FileType.F32, soft.values(), soft.tokens(), soft.size());
            SafetensorsWriter.write(file(folder, key), List.of(tensor), Map.of());
        } catch (IOException e) {
            throw new BadInputException(
                    "%s: cannot keep what was seen of an image (%s); give another folder or none"
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }
}
