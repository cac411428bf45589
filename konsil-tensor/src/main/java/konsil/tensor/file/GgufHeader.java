package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * All of a GGUF file but the tensors' data.
 *
 * @param tensors offsets from the start of the file
 */
record GgufHeader(int version, Metadata metadata, List<TensorInfo> tensors) {
    static final String ALIGNMENT = "general.alignment";
    static final long DEFAULT_ALIGNMENT = 32;

    private static final int MAX_RANK = 4;
    private static final int MAX_NESTING = 4;
    private static final int MAX_NAME = 65_535;
    /** Length of an empty key, type and one byte. */
    private static final int LEAST_ENTRY = 13;
    /** Length of an empty name, rank, type and offset. */
    private static final int LEAST_TENSOR = 24;

    static GgufHeader parse(MemorySegment bytes, Path file) {
        return new Parser(bytes, file).header();
    }

    private static final class Parser {
        private final Path file;
        private final ByteCursor cursor;

        Parser(MemorySegment bytes, Path file) {
            this.file = file;
            this.cursor = new ByteCursor(file, bytes);
        }

        GgufHeader header() {
            if (cursor.u32("the magic number") != Gguf.MAGIC) {
                throw new BadFileException(file, "this is not a GGUF file");
            }
            int version = version(cursor.u32("the version"));
            long tensorCount = cursor.u64("the number of tensors");
            long entryCount = cursor.u64("the number of metadata entries");
            int entries = cursor.count(entryCount, LEAST_ENTRY, "metadata entries", Metadata.MOST_KEYS);
            var metadata = metadata(entries);
            int count = cursor.count(tensorCount, LEAST_TENSOR, "tensors", TensorTable.MOST_TENSORS);
            var relative = new ArrayList<TensorInfo>(count);
            for (int i = 0; i < count; i++) {
                relative.add(tensor());
            }
            long alignment = alignment(metadata);
            return new GgufHeader(version, metadata, placed(relative, alignment));
        }

        private int version(long version) {
            if (version == 2 || version == 3) {
                return (int) version;
            }
            String why =
                    switch ((int) version) {
                        case 1 -> "GGUF version 1 is not read; convert the model with a current tool";
                        case 0x02000000, 0x03000000 ->
                            "this GGUF file is big-endian; convert it to little-endian first";
                        default -> "want GGUF version 2 or 3, got " + version;
                    };
            throw new BadFileException(file, why);
        }

        private Metadata metadata(int entries) {
            var values = new LinkedHashMap<String, MetaValue>();
            for (int i = 0; i < entries; i++) {
                String key = name("a metadata key");
                if (values.put(key, value(key)) != null) {
                    throw new BadFileException(file, key, "stands twice in the metadata");
                }
            }
            return new Metadata(file, values);
        }

        private String name(String what) {
            long length = cursor.u64(what);
            if (length < 0 || length > MAX_NAME) {
                throw new BadFileException(
                        file,
                        "%s is %s bytes long, the limit is %d"
                                .formatted(what, Long.toUnsignedString(length), MAX_NAME));
            }
            return cursor.text(length, what);
        }

        private MetaValue value(String key) {
            var type = type(key);
            return switch (type) {
                case TEXT -> new MetaValue.Text(cursor.text(cursor.u64(key), key));
                case LIST -> items(key);
                case BOOL -> new MetaValue.Flag(cursor.u8(key) != 0);
                case F32 -> new MetaValue.Real(type, cursor.f32(key));
                case F64 -> new MetaValue.Real(type, cursor.f64(key));
                case U8 -> new MetaValue.Whole(type, cursor.u8(key));
                case I8 -> new MetaValue.Whole(type, (byte) cursor.u8(key));
                case U16 -> new MetaValue.Whole(type, cursor.u16(key));
                case I16 -> new MetaValue.Whole(type, (short) cursor.u16(key));
                case U32 -> new MetaValue.Whole(type, cursor.u32(key));
                case I32 -> new MetaValue.Whole(type, (int) cursor.u32(key));
                case U64, I64 -> new MetaValue.Whole(type, cursor.u64(key));
            };
        }

        private MetaType type(String key) {
            long number = cursor.u32(key);
            return MetaType.of(number)
                    .orElseThrow(() -> new BadFileException(file, key, "unknown type of metadata " + number));
        }

        private MetaValue.Items items(String key) {
            var type = type(key);
            int count = cursor.count(cursor.u64(key), type.leastBytes(), "items of " + BadFileException.printable(key));
            var rest = cursor.rest();
            long start = cursor.position();
            skip(type, count, key, 1);
            return new MetaValue.Items(type, count, rest.asSlice(0, cursor.position() - start));
        }

        private void skip(MetaType type, int count, String key, int nesting) {
            if (nesting > MAX_NESTING) {
                throw new BadFileException(file, key, "lists lie more than %d deep".formatted(MAX_NESTING));
            }
            switch (type) {
                case TEXT -> {
                    for (int i = 0; i < count; i++) {
                        cursor.take(cursor.u64(key), key);
                    }
                }
                case LIST -> {
                    for (int i = 0; i < count; i++) {
                        var inner = type(key);
                        long items = cursor.u64(key);
                        skip(inner, cursor.count(items, inner.leastBytes(), "inner items"), key, nesting + 1);
                    }
                }
                default -> cursor.take((long) count * type.leastBytes(), key);
            }
        }

        /** The offset is still the one from the start of the data. */
        private TensorInfo tensor() {
            String name = name("a tensor name");
            long rank = cursor.u32(name);
            if (rank > MAX_RANK) {
                throw new BadFileException(file, name, "want at most %d dimensions, got %d".formatted(MAX_RANK, rank));
            }
            var shape = new ArrayList<Long>();
            for (int i = 0; i < rank; i++) {
                long dim = cursor.u64(name);
                if (dim < 0) {
                    throw new BadFileException(file, name, "dimension " + Long.toUnsignedString(dim) + " is too large");
                }
                shape.addFirst(dim);
            }
            var type = FileType.ofGguf(cursor.u32(name)).orElse(FileType.UNKNOWN);
            long offset = cursor.u64(name);
            return new TensorInfo(name, type, shape, offset, bytes(name, type, shape));
        }

        private long bytes(String name, FileType type, List<Long> shape) {
            long row = shape.isEmpty() ? 1 : shape.getLast();
            if (row % type.blockElements() != 0) {
                throw new BadFileException(
                        file,
                        name,
                        "a row of %d is not whole %s blocks of %d".formatted(row, type, type.blockElements()));
            }
            try {
                return type.bytes(TensorInfo.elements(shape));
            } catch (ArithmeticException e) {
                throw new BadFileException(file, name, "its shape is beyond any file: " + e.getMessage());
            }
        }

        private long alignment(Metadata metadata) {
            long alignment = metadata.whole(ALIGNMENT, DEFAULT_ALIGNMENT);
            if (alignment < 1 || alignment > 1L << 30 || Long.bitCount(alignment) != 1) {
                throw new BadFileException(file, ALIGNMENT, "want a power of two up to 2^30, got " + alignment);
            }
            return alignment;
        }

        private List<TensorInfo> placed(List<TensorInfo> relative, long alignment) {
            long dataStart = Math.ceilDiv(cursor.position(), alignment) * alignment;
            var placed = new ArrayList<TensorInfo>(relative.size());
            for (var info : relative) {
                if (info.offset() < 0 || info.offset() % alignment != 0 || info.offset() > Long.MAX_VALUE - dataStart) {
                    throw new BadFileException(
                            file,
                            info.name(),
                            "want an offset that is a multiple of %d, got %s"
                                    .formatted(alignment, Long.toUnsignedString(info.offset())));
                }
                placed.add(new TensorInfo(
                        info.name(), info.type(), info.shape(), dataStart + info.offset(), info.bytes()));
            }
            return placed;
        }
    }
}
