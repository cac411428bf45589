package konsil.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import konsil.tensor.file.BadFileException;

/**
 * The fields of one message in Protocol Buffers' wire format
 * (https://protobuf.dev/programming-guides/encoding/), one after the other. Every length is held against what is left.
 */
final class Protobuf {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int MAX_VARINT_BYTES = 10;

    private final Path file;
    private final ByteBuffer bytes;
    private int field;
    private int type;

    /** @param message all of it, from its position to its limit */
    Protobuf(Path file, ByteBuffer message) {
        this.file = file;
        this.bytes = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Goes on to the next field, whose value must then be read or skipped. @return its number, 0 at the end */
    int next() {
        if (!bytes.hasRemaining()) {
            return 0;
        }
        long key = varint();
        field = (int) (key >>> 3);
        type = (int) key & 7;
        if (field <= 0 || key >>> 3 > 0x1FFFFFFF) {
            throw bad("a field has no valid number");
        }
        return field;
    }

    /** A whole number, of any sign. */
    long whole() {
        want(VARINT, "a whole number");
        return varint();
    }

    boolean flag() {
        return whole() != 0;
    }

    float real() {
        want(FIXED32, "a number");
        need(4);
        return bytes.getFloat();
    }

    String text() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(block()).toString();
        } catch (CharacterCodingException e) {
            throw new BadFileException(file, "field %d is not valid UTF-8".formatted(field), e);
        }
    }

    /** A message inside this one. */
    Protobuf message() {
        return new Protobuf(file, block());
    }

    boolean empty() {
        return !block().hasRemaining();
    }

    void skip() {
        switch (type) {
            case VARINT -> varint();
            case FIXED64 -> advance(8);
            case FIXED32 -> advance(4);
            case BYTES -> block();
            default -> throw bad("field %d has the unknown type %d".formatted(field, type));
        }
    }

    /** Bytes as they are, a view. */
    ByteBuffer block() {
        want(BYTES, "bytes");
        long length = varint();
        if (length < 0 || length > bytes.remaining()) {
            throw bad("field %d says it is %s bytes long, %d are left"
                    .formatted(field, Long.toUnsignedString(length), bytes.remaining()));
        }
        var block = bytes.slice(bytes.position(), (int) length);
        advance((int) length);
        return block;
    }

    private long varint() {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            need(1);
            byte next = bytes.get();
            value |= (next & 0x7FL) << 7 * i;
            if (next >= 0) {
                return value;
            }
        }
        throw bad("a number has more than %d bytes".formatted(MAX_VARINT_BYTES));
    }

    private void want(int wanted, String kind) {
        if (type != wanted) {
            throw bad("field %d: want %s, got type %d".formatted(field, kind, type));
        }
    }

    private void advance(int count) {
        need(count);
        bytes.position(bytes.position() + count);
    }

    private void need(int count) {
        if (bytes.remaining() < count) {
            throw bad("ends inside field %d".formatted(field));
        }
    }

    private BadFileException bad(String what) {
        return new BadFileException(file, what);
    }
}
