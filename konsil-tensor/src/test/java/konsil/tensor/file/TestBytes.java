package konsil.tensor.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds files byte by byte, right or wrong; little-endian. */
final class TestBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A safetensors file with this header, whatever it says, and so many bytes of data: 0, 1, 2, ... */
    static byte[] safetensors(String header, int dataBytes) {
        byte[] utf8 = header.getBytes(StandardCharsets.UTF_8);
        var file = new TestBytes().u64(utf8.length).raw(utf8);
        for (int i = 0; i < dataBytes; i++) {
            file.u8(i);
        }
        return file.bytes();
    }

    /** The start of a GGUF file. */
    static TestBytes gguf(int version, long tensors, long entries) {
        return new TestBytes().u32(0x46554747).u32(version).u64(tensors).u64(entries);
    }

    TestBytes u8(int value) {
        out.write(value);
        return this;
    }

    TestBytes u32(long value) {
        return little(4, value);
    }

    TestBytes u64(long value) {
        return little(8, value);
    }

    private TestBytes little(int count, long value) {
        out.write(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array(),
                0,
                count);
        return this;
    }

    TestBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** Length and UTF-8. */
    TestBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return u64(utf8.length).raw(utf8);
    }

    /** A tensor of GGUF; dimensions as the file has them, innermost first. */
    TestBytes tensor(String name, int type, long offset, long... dims) {
        text(name).u32(dims.length);
        for (long dim : dims) {
            u64(dim);
        }
        return u32(type).u64(offset);
    }

    TestBytes zeros(int count) {
        return raw(new byte[count]);
    }

    /** Zeros up to a multiple of this. */
    TestBytes padTo(int multiple) {
        return zeros(Math.ceilDiv(out.size(), multiple) * multiple - out.size());
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
