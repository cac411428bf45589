package konsil.tensor.file;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import konsil.kernel.WeightFormat;

/**
 * The table of contents of a packed file: four lists, each with a count of four bytes before it. Text is a length of
 * four bytes and UTF-8; other numbers are eight bytes, hashes 32.
 *
 * <pre>
 *  metadata  key, value (text)
 *  sources   name, bytes, hash         the files the model was made from
 *  files     name, offset, bytes, hash
 *  tensors   name, type (text, a FileType), layout (text, see below), original type (text),
 *            rank (4 bytes), dimensions, offset, bytes, hash
 * </pre>
 *
 * A layout is {@code rows}, or a weight format, a space and an arrangement: {@code Q8_0 OUT_FIRST}.
 */
record PackedIndex(
        SequencedMap<String, String> metadata, List<Source> sources, List<Part> files, List<PackedTensor> tensors) {
    private static final int MAX_RANK = 32;
    private static final int MAX_NAME = 65_535;
    private static final int LEAST_ITEM = 8;
    private static final String ROWS = "rows";
    private static final Map<String, FileType> TYPES = types();
    private static final Map<String, Layout> LAYOUTS = layouts();

    /** A file that the model was made from. */
    record Source(String name, long bytes, Hash sha256) {}

    /** A file within the file. */
    record Part(String name, long offset, long bytes, Hash sha256) {}

    /** A tensor, the type it had in its source, and the hash of its bytes here. */
    record PackedTensor(TensorInfo info, FileType original, Hash sha256) {}

    byte[] encode() {
        var out = new Encoder();
        out.u32(metadata.size());
        metadata.forEach((key, value) -> {
            out.text(key);
            out.text(value);
        });
        out.u32(sources.size());
        for (var source : sources) {
            out.text(source.name());
            out.u64(source.bytes());
            out.hash(source.sha256());
        }
        out.u32(files.size());
        for (var file : files) {
            out.text(file.name());
            out.u64(file.offset());
            out.u64(file.bytes());
            out.hash(file.sha256());
        }
        out.u32(tensors.size());
        tensors.forEach(out::tensor);
        return out.bytes.toByteArray();
    }

    /** Length of {@link #encode}, whatever the offsets and hashes will be. */
    int encodedLength() {
        return encode().length;
    }

    /** @throws BadFileException when it is not well formed; offsets are not checked here */
    static PackedIndex parse(MemorySegment bytes, Path file) {
        var parser = new Parser(new ByteCursor(file, bytes), file);
        var metadata = parser.metadata();
        var index = new PackedIndex(metadata, parser.sources(), parser.files(), parser.tensors());
        if (parser.cursor.remaining() != 0) {
            throw new BadFileException(file, "%d bytes follow the index".formatted(parser.cursor.remaining()));
        }
        return index;
    }

    private static Map<String, FileType> types() {
        var types = new HashMap<String, FileType>();
        for (var type : FileType.values()) {
            if (type != FileType.UNKNOWN) {
                types.put(type.name(), type);
            }
        }
        return Map.copyOf(types);
    }

    private static Map<String, Layout> layouts() {
        var layouts = new HashMap<String, Layout>();
        layouts.put(ROWS, new Layout.RowMajor());
        for (var format : WeightFormat.values()) {
            for (var arrangement : Arrangement.values()) {
                var packed = new Layout.Packed(format, arrangement);
                layouts.put(layoutText(packed), packed);
            }
        }
        return Map.copyOf(layouts);
    }

    private static String layoutText(Layout layout) {
        return switch (layout) {
            case Layout.RowMajor _ -> ROWS;
            case Layout.Packed(var format, var arrangement) -> format + " " + arrangement;
        };
    }

    private static final class Encoder {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void u32(int value) {
            bytes.write(number(value), 0, Integer.BYTES);
        }

        void u64(long value) {
            bytes.writeBytes(number(value));
        }

        private static byte[] number(long value) {
            return ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array();
        }

        void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            u32(utf8.length);
            bytes.writeBytes(utf8);
        }

        void hash(Hash hash) {
            bytes.writeBytes(ByteCursor.array(hash.bytes()));
        }

        void tensor(PackedTensor tensor) {
            var info = tensor.info();
            text(info.name());
            text(info.type().name());
            text(layoutText(info.layout()));
            text(tensor.original().name());
            u32(info.shape().size());
            info.shape().forEach(this::u64);
            u64(info.offset());
            u64(info.bytes());
            hash(tensor.sha256());
        }
    }

    private record Parser(ByteCursor cursor, Path file) {
        SequencedMap<String, String> metadata() {
            var metadata = new LinkedHashMap<String, String>();
            for (int i = count("metadata"); i > 0; i--) {
                metadata.put(text("a metadata key"), text("a metadata value"));
            }
            return metadata;
        }

        List<Source> sources() {
            var sources = new ArrayList<Source>();
            for (int i = count("sources"); i > 0; i--) {
                sources.add(new Source(text("a source"), cursor.u64("a source"), hash("a source")));
            }
            return sources;
        }

        List<Part> files() {
            var files = new ArrayList<Part>();
            for (int i = count("files"); i > 0; i--) {
                String name = text("a file name");
                files.add(new Part(name, cursor.u64(name), cursor.u64(name), hash(name)));
            }
            return files;
        }

        List<PackedTensor> tensors() {
            var tensors = new ArrayList<PackedTensor>();
            for (int i = count("tensors"); i > 0; i--) {
                tensors.add(tensor());
            }
            return tensors;
        }

        private PackedTensor tensor() {
            String name = text("a tensor name");
            var type = type(name);
            var layout = layout(name, type);
            var original = type(name);
            var shape = shape(name);
            if (layout instanceof Layout.Packed packed && !packed.arrangement().fits(shape)) {
                throw new BadFileException(file, name, "%s cannot be packed %s".formatted(shape, packed.arrangement()));
            }
            long offset = cursor.u64(name);
            long bytes = cursor.u64(name);
            var info = new TensorInfo(name, type, shape, layout, offset, bytes);
            if (bytes != wantedBytes(info)) {
                throw new BadFileException(
                        file,
                        name,
                        "want %d bytes for its shape, the index says %d".formatted(wantedBytes(info), bytes));
            }
            return new PackedTensor(info, original, hash(name));
        }

        private FileType type(String name) {
            String text = text(name);
            var type = TYPES.get(text);
            if (type == null) {
                throw new BadFileException(file, name, "unknown type " + BadFileException.printable(text));
            }
            return type;
        }

        private Layout layout(String name, FileType type) {
            String text = text(name);
            var layout = LAYOUTS.get(text);
            boolean otherFormat = layout instanceof Layout.Packed packed
                    && !packed.format().name().equals(type.name());
            if (layout == null || otherFormat) {
                throw new BadFileException(
                        file, name, "unknown layout %s of %s".formatted(BadFileException.printable(text), type));
            }
            return layout;
        }

        private List<Long> shape(String name) {
            long rank = cursor.u32(name);
            if (rank > MAX_RANK) {
                throw new BadFileException(file, name, "want at most %d dimensions, got %d".formatted(MAX_RANK, rank));
            }
            var shape = new ArrayList<Long>();
            for (int i = 0; i < rank; i++) {
                long dim = cursor.u64(name);
                if (dim < 0) {
                    throw new BadFileException(file, name, "a dimension is negative");
                }
                shape.add(dim);
            }
            return shape;
        }

        private long wantedBytes(TensorInfo info) {
            try {
                return PackedIndex.wantedBytes(info);
            } catch (ArithmeticException e) {
                throw new BadFileException(file, info.name(), "its shape is beyond any file: " + e.getMessage());
            }
        }

        private int count(String what) {
            int most = what.equals("tensors") ? TensorTable.MOST_TENSORS : Metadata.MOST_KEYS;
            return cursor.count(cursor.u32(what), LEAST_ITEM, what, most);
        }

        private String text(String what) {
            long length = cursor.u32(what);
            if (length > MAX_NAME) {
                throw new BadFileException(file, "%s is %d bytes long".formatted(what, length));
            }
            return cursor.text(length, what);
        }

        private Hash hash(String what) {
            return new Hash(cursor.take(Sha256.BYTES, what));
        }
    }

    /**
     * Bytes of a tensor by its type, shape and layout.
     *
     * @throws ArithmeticException when that is more than a long holds
     */
    static long wantedBytes(TensorInfo info) {
        long elements = info.elements();
        return switch (info.layout()) {
            case Layout.RowMajor _ -> info.type().bytes(elements);
            case Layout.Packed(var format, var arrangement) ->
                format.bytes(arrangement.out(info.shape()), arrangement.in(info.shape()));
        };
    }

    /** The same with every hash of a tensor replaced. */
    PackedIndex withHashes(Map<String, Hash> hashes) {
        var hashed = tensors.stream()
                .map(tensor -> new PackedTensor(
                        tensor.info(),
                        tensor.original(),
                        hashes.get(tensor.info().name())))
                .toList();
        return new PackedIndex(metadata, sources, files, hashed);
    }
}
