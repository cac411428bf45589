package konsil.tensor.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes safetensors files in the reference writer's order: widest type first, then by name, so that all data are
 * aligned. The file appears whole or not at all.
 */
public final class SafetensorsWriter {
    private SafetensorsWriter() {}

    /**
     * Writes a file, or replaces one.
     *
     * @param metadata the header's {@code __metadata__}; left out when empty
     * @throws IllegalArgumentException when two tensors share a name, or a type is GGUF's alone
     */
    public static void write(Path file, Collection<NewTensor> tensors, Map<String, String> metadata)
            throws IOException {
        var ordered = new ArrayList<>(tensors);
        ordered.sort(
                Comparator.comparingInt((NewTensor tensor) -> -tensor.type().blockBits())
                        .thenComparing(NewTensor::name));
        byte[] header = header(ordered, metadata);
        try (var out = NewFile.create(file)) {
            var length = new byte[Long.BYTES];
            MemorySegment.ofArray(length).set(ByteCursor.LONG, 0, header.length);
            out.write(MemorySegment.ofArray(length), 0);
            out.write(MemorySegment.ofArray(header), length.length);
            long position = length.length + (long) header.length;
            for (var tensor : ordered) {
                out.write(tensor.data(), position);
                position += tensor.data().byteSize();
            }
            out.commit();
        }
    }

    /** Padded with spaces to a multiple of eight bytes. */
    private static byte[] header(List<NewTensor> tensors, Map<String, String> metadata) {
        var entries = new LinkedHashMap<String, Json>();
        if (!metadata.isEmpty()) {
            var texts = new LinkedHashMap<String, Json>();
            metadata.forEach((key, text) -> texts.put(key, new Json.Text(text)));
            entries.put("__metadata__", new Json.Obj(texts));
        }
        long offset = 0;
        for (var tensor : tensors) {
            long end = offset + tensor.data().byteSize();
            if (entries.put(tensor.name(), entry(tensor, offset, end)) != null) {
                throw new IllegalArgumentException("two tensors of the name " + tensor.name());
            }
            offset = end;
        }
        byte[] text = new Json.Obj(entries).write().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, Math.ceilDiv(text.length, 8) * 8);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private static Json entry(NewTensor tensor, long offset, long end) {
        if (!tensor.type().inSafetensors()) {
            throw new IllegalArgumentException(
                    "%s: safetensors has no type %s".formatted(tensor.name(), tensor.type()));
        }
        var fields = new LinkedHashMap<String, Json>();
        fields.put("dtype", new Json.Text(tensor.type().name()));
        fields.put("shape", numbers(tensor.shape()));
        fields.put("data_offsets", numbers(List.of(offset, end)));
        return new Json.Obj(fields);
    }

    private static Json numbers(List<Long> numbers) {
        return new Json.Arr(numbers.stream().<Json>map(Json.Whole::new).toList());
    }
}
