package konsil.tensor.file;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One value of a checkpoint's metadata. Safetensors and packed files have text only. */
public sealed interface MetaValue {
    record Text(String value) implements MetaValue {}

    record Flag(boolean value) implements MetaValue {}

    /** A whole number of type U8 to I64; a U64 above 2^63 - 1 is negative here. */
    record Whole(MetaType type, long value) implements MetaValue {}

    /** A number of type F32 or F64. */
    record Real(MetaType type, double value) implements MetaValue {}

    /**
     * A list as GGUF writes it, decoded only when asked for: vocabularies are long.
     *
     * @param raw the items, one after the other, without type and count
     */
    record Items(MetaType type, int count, MemorySegment raw) implements MetaValue {
        /** A list of strings, to be written. */
        public static Items ofTexts(List<String> texts) {
            var raw = new ByteArrayOutputStream();
            for (String text : texts) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                byte[] length = new byte[Long.BYTES];
                MemorySegment.ofArray(length).set(ByteCursor.LONG, 0, utf8.length);
                raw.writeBytes(length);
                raw.writeBytes(utf8);
            }
            return new Items(MetaType.TEXT, texts.size(), MemorySegment.ofArray(raw.toByteArray()));
        }

        /** A list of f32, to be written. */
        public static Items ofFloats(float... values) {
            var raw = MemorySegment.ofArray(new byte[Math.multiplyExact(4, values.length)]);
            MemorySegment.copy(values, 0, raw, ByteCursor.FLOAT, 0, values.length);
            return new Items(MetaType.F32, values.length, raw);
        }

        /** A list of i32, to be written. */
        public static Items ofInts(int... values) {
            var raw = MemorySegment.ofArray(new byte[Math.multiplyExact(4, values.length)]);
            MemorySegment.copy(values, 0, raw, ByteCursor.INT, 0, values.length);
            return new Items(MetaType.I32, values.length, raw);
        }
    }
}
