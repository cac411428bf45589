package konsil.tensor.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.SequencedMap;

/** Writes GGUF version 3, little-endian, tensors in the given order. The file appears whole or not at all. */
public final class GgufWriter {
    private static final int VERSION = 3;

    private GgufWriter() {}

    /**
     * Writes a file, or replaces one.
     *
     * @param metadata in this order; {@code general.alignment}, when there, is obeyed
     * @throws IllegalArgumentException when two tensors share a name, or a type is safetensors' alone
     */
    public static void write(Path file, SequencedMap<String, MetaValue> metadata, Collection<NewTensor> tensors)
            throws IOException {
        long alignment = new Metadata(file, metadata).whole(GgufHeader.ALIGNMENT, GgufHeader.DEFAULT_ALIGNMENT);
        byte[] header = header(metadata, List.copyOf(tensors), alignment);
        try (var out = NewFile.create(file)) {
            out.write(MemorySegment.ofArray(header), 0);
            long position = header.length;
            for (var tensor : tensors) {
                out.write(tensor.data(), position);
                long end = position + tensor.data().byteSize();
                position = aligned(end, alignment);
                out.write(MemorySegment.ofArray(new byte[(int) (position - end)]), end);
            }
            out.commit();
        }
    }

    /** All before the data, padded to where they start. */
    static byte[] header(SequencedMap<String, MetaValue> metadata, List<NewTensor> tensors, long alignment) {
        var out = new Fields();
        out.u32(Gguf.MAGIC);
        out.u32(VERSION);
        out.u64(tensors.size());
        out.u64(metadata.size());
        metadata.forEach((key, value) -> {
            out.text(key);
            out.value(value);
        });
        var names = new HashSet<String>();
        long offset = 0;
        for (var tensor : tensors) {
            if (!names.add(tensor.name()) || tensor.type().ggufNumber() < 0) {
                throw new IllegalArgumentException("%s: a second tensor of this name, or type %s, which GGUF lacks"
                        .formatted(tensor.name(), tensor.type()));
            }
            out.tensor(tensor, offset);
            offset = aligned(offset + tensor.data().byteSize(), alignment);
        }
        return out.padded(alignment);
    }

    private static long aligned(long position, long alignment) {
        return Math.ceilDiv(position, alignment) * alignment;
    }

    /** Collects little-endian fields. */
    private static final class Fields {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        void u32(long value) {
            bytes(4, value);
        }

        void u64(long value) {
            bytes(8, value);
        }

        private void bytes(int count, long value) {
            byte[] all = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array();
            out.write(all, 0, count);
        }

        void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            u64(utf8.length);
            out.writeBytes(utf8);
        }

        void value(MetaValue value) {
            switch (value) {
                case MetaValue.Text(var text) -> {
                    type(MetaType.TEXT);
                    text(text);
                }
                case MetaValue.Flag(boolean flag) -> {
                    type(MetaType.BOOL);
                    bytes(1, flag ? 1 : 0);
                }
                case MetaValue.Whole(var type, long number) -> {
                    type(type);
                    bytes(type.leastBytes(), number);
                }
                case MetaValue.Real(var type, double number) -> {
                    type(type);
                    bytes(
                            type.leastBytes(),
                            type == MetaType.F32
                                    ? Float.floatToRawIntBits((float) number)
                                    : Double.doubleToRawLongBits(number));
                }
                case MetaValue.Items(var type, int count, var raw) -> {
                    type(MetaType.LIST);
                    type(type);
                    u64(count);
                    out.writeBytes(raw.toArray(ValueLayout.JAVA_BYTE));
                }
            }
        }

        private void type(MetaType type) {
            u32(type.number());
        }

        void tensor(NewTensor tensor, long offset) {
            text(tensor.name());
            u32(tensor.shape().size());
            tensor.shape().reversed().forEach(this::u64);
            u32(tensor.type().ggufNumber());
            u64(offset);
        }

        byte[] padded(long alignment) {
            return Arrays.copyOf(out.toByteArray(), (int) aligned(out.size(), alignment));
        }
    }
}
