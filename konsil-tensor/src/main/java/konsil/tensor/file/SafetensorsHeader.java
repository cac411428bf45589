package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonToken;

/**
 * The JSON header of a safetensors file, read token by token: memory grows with the number of tensors alone.
 *
 * @param tensors offsets from the start of the file, in the order of the header
 */
record SafetensorsHeader(List<TensorInfo> tensors, Map<String, String> metadata) {
    private static final int MAX_RANK = 32;
    /** 100 MB as in the reference reader; an entry's own text is short. */
    private static final JsonLimits LIMITS = new JsonLimits(100_000_000, 8, 4 << 20, 0);

    /**
     * @param json the header's text, trailing spaces included
     * @param dataStart where the offsets count from
     * @param file for errors
     */
    static SafetensorsHeader parse(MemorySegment json, long dataStart, Path file) {
        try (var source = new JsonSource(json, file, LIMITS)) {
            return new Parser(source, dataStart, file).header();
        }
    }

    private static final class Parser {
        private final JsonSource source;
        private final long dataStart;
        private final Path file;
        private final List<TensorInfo> tensors = new ArrayList<>();
        private final Map<String, String> metadata = new LinkedHashMap<>();
        private boolean metadataSeen;

        Parser(JsonSource source, long dataStart, Path file) {
            this.source = source;
            this.dataStart = dataStart;
            this.file = file;
        }

        SafetensorsHeader header() {
            want(source.next() == JsonToken.START_OBJECT, "header", "want a JSON object");
            while (source.next() != JsonToken.END_OBJECT) {
                String name = source.text();
                want(source.next() == JsonToken.START_OBJECT, name, "want an object");
                if (name.equals("__metadata__")) {
                    metadata();
                } else {
                    want(tensors.size() < TensorTable.MOST_TENSORS, name, "there are too many tensors before it");
                    tensors.add(tensor(name));
                }
            }
            source.end();
            return new SafetensorsHeader(tensors, metadata);
        }

        private void metadata() {
            want(!metadataSeen, "__metadata__", "stands twice in the header");
            metadataSeen = true;
            while (source.next() != JsonToken.END_OBJECT) {
                want(metadata.size() < Metadata.MOST_KEYS, "__metadata__", "there are too many keys");
                String key = source.text();
                want(source.next() == JsonToken.VALUE_STRING, "__metadata__", "want text for every key");
                want(metadata.put(key, source.text()) == null, "__metadata__", "a key stands there twice");
            }
        }

        private TensorInfo tensor(String name) {
            String type = "";
            List<Long> shape = List.of();
            List<Long> offsets = List.of();
            Set<String> seen = new HashSet<>();
            while (source.next() != JsonToken.END_OBJECT) {
                String key = source.text();
                want(seen.add(key) && seen.size() <= 8, name, "a field stands twice, or there are too many");
                JsonToken token = source.next();
                switch (key) {
                    case "dtype" -> type = dtype(name, token);
                    case "shape" -> shape = numbers(name, token, "shape", MAX_RANK);
                    case "data_offsets" -> offsets = numbers(name, token, "data_offsets", 2);
                    default -> source.skip();
                }
            }
            want(
                    seen.containsAll(Set.of("dtype", "shape", "data_offsets")),
                    name,
                    "want the fields dtype, shape and data_offsets");
            want(offsets.size() == 2, name, "data_offsets: want two numbers, got " + offsets.size());
            return tensor(name, type, shape, offsets);
        }

        private String dtype(String name, JsonToken token) {
            want(token == JsonToken.VALUE_STRING, name, "dtype: want text");
            return source.text();
        }

        private List<Long> numbers(String name, JsonToken token, String field, int most) {
            want(token == JsonToken.START_ARRAY, name, field + ": want a list");
            var numbers = new ArrayList<Long>(2);
            for (var next = source.next(); next != JsonToken.END_ARRAY; next = source.next()) {
                boolean whole = next == JsonToken.VALUE_NUMBER_INT && source.fitsLong() && source.wholeNumber() >= 0;
                want(whole, name, field + ": want whole numbers from 0 to 2^63 - 1");
                want(numbers.size() < most, name, field + ": want at most %d numbers".formatted(most));
                numbers.add(source.wholeNumber());
            }
            return numbers;
        }

        private TensorInfo tensor(String name, String dtype, List<Long> shape, List<Long> offsets) {
            var type = FileType.ofSafetensors(dtype)
                    .orElseThrow(() ->
                            new BadFileException(file, name, "unknown dtype " + BadFileException.printable(dtype)));
            long bytes = offsets.get(1) - offsets.get(0);
            want(
                    bytes >= 0,
                    name,
                    "data_offsets: the end %d is before the start %d".formatted(offsets.get(1), offsets.get(0)));
            try {
                long wanted = type.bytes(TensorInfo.elements(shape));
                long start = Math.addExact(dataStart, offsets.get(0));
                var info = new TensorInfo(name, type, shape, start, bytes);
                want(
                        wanted == bytes,
                        name,
                        "%s %s takes %d bytes, data_offsets give it %d"
                                .formatted(type, info.shapeText(), wanted, bytes));
                return info;
            } catch (ArithmeticException e) {
                throw new BadFileException(file, name, "shape or data_offsets are beyond any file: " + e.getMessage());
            }
        }

        private void want(boolean holds, String part, String what) {
            if (!holds) {
                throw new BadFileException(file, part, what);
            }
        }
    }
}
