package konsil.tensor.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * The tokens of one JSON text, for files too large to be held as a {@link Json} tree; every failure is a
 * {@link BadFileException} that tells the place but not the content.
 */
public final class JsonSource implements AutoCloseable {
    private final Path file;
    private final JsonLimits limits;
    private final Runnable release;
    private final JsonParser parser;

    JsonSource(MemorySegment text, Path file, JsonLimits limits) {
        this(text, file, limits, () -> {});
    }

    private JsonSource(MemorySegment text, Path file, JsonLimits limits, Runnable release) {
        this.file = file;
        this.limits = limits;
        this.release = release;
        if (text.byteSize() > limits.bytes()) {
            throw new BadFileException(
                    file, "the JSON is %d bytes long, the limit is %d".formatted(text.byteSize(), limits.bytes()));
        }
        // Keys of a vocabulary are all different: a table of those seen before would only grow.
        var factory = JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.depth())
                        .maxStringLength(limits.textLength())
                        .maxNameLength(limits.textLength())
                        .maxNumberLength(JsonLimits.NUMBER_LENGTH)
                        .build())
                .build();
        parser = factory.createParser(ObjectReadContext.empty(), reader(text));
    }

    /**
     * Reads a file, which stays mapped until {@link #close}.
     *
     * @throws BadFileException when it is missing or longer than the limit
     */
    public static JsonSource open(Path file, JsonLimits limits) throws IOException {
        var mapped = MappedFile.open(file);
        try {
            return new JsonSource(mapped.bytes(), file, limits, mapped::close);
        } catch (RuntimeException e) {
            mapped.close();
            throw e;
        }
    }

    /** Reads UTF-8 bytes. @param file what to call them in errors */
    public static JsonSource of(ByteBuffer text, Path file, JsonLimits limits) {
        return new JsonSource(MemorySegment.ofBuffer(text), file, limits);
    }

    private static Reader reader(MemorySegment text) {
        return new InputStreamReader(new SegmentStream(text), StandardCharsets.UTF_8.newDecoder());
    }

    /** The next token. @throws BadFileException at the end of the text, too */
    public JsonToken next() {
        try {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new BadFileException(file, "the JSON ends too early" + place());
            }
            return token;
        } catch (JacksonException e) {
            throw bad(e);
        }
    }

    /** @throws BadFileException when anything but white space follows */
    public void end() {
        try {
            if (parser.nextToken() != null) {
                throw new BadFileException(file, "more text follows the end of the JSON" + place());
            }
        } catch (JacksonException e) {
            throw bad(e);
        }
    }

    /** The next value, whole, however deep. */
    public Json value() {
        return new JsonReader(file, limits).value(this, next());
    }

    /** The key or string just read. */
    public String text() {
        try {
            return parser.getString();
        } catch (JacksonException e) {
            throw bad(e);
        }
    }

    /** The array that holds the characters of the key or string just read, until the next token. */
    public char[] characters() {
        try {
            return parser.getStringCharacters();
        } catch (JacksonException e) {
            throw bad(e);
        }
    }

    /** Where the string begins in {@link #characters}. */
    public int offset() {
        try {
            return parser.getStringOffset();
        } catch (JacksonException e) {
            throw bad(e);
        }
    }

    /** How many {@link #characters} are the string. */
    public int length() {
        try {
            return parser.getStringLength();
        } catch (JacksonException e) {
            throw bad(e);
        }
    }

    /** The whole number just read, when it fits a long. */
    boolean fitsLong() {
        try {
            return switch (parser.getNumberType()) {
                case INT, LONG -> true;
                default -> false;
            };
        } catch (JacksonException e) {
            throw bad(e);
        }
    }

    /** The whole number just read. @throws BadFileException when it is none, or does not fit a long */
    public long wholeNumber() {
        try {
            if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT) || !fitsLong()) {
                throw new BadFileException(file, "want a whole number in the JSON" + place());
            }
            return parser.getLongValue();
        } catch (JacksonException e) {
            throw bad(e);
        }
    }

    /** The number just read. @throws BadFileException when it is beyond a double's range */
    double realNumber() {
        try {
            double value = parser.getDoubleValue();
            if (!Double.isFinite(value)) {
                throw new BadFileException(file, "a number in the JSON is beyond the range of a double" + place());
            }
            return value;
        } catch (JacksonException e) {
            throw bad(e);
        }
    }

    /** Skips the rest of the object or list just begun; does nothing after any other token. */
    public void skip() {
        try {
            parser.skipChildren();
        } catch (JacksonException e) {
            throw bad(e);
        }
    }

    private BadFileException bad(JacksonException e) {
        return switch (e) {
            case StreamConstraintsException _ ->
                new BadFileException(file, "the JSON is too deep, or a key, string or number in it too long" + place());
            case JacksonIOException io
            when io.getCause() instanceof CharacterCodingException ->
                new BadFileException(file, "the JSON is not valid UTF-8", e);
            default -> new BadFileException(file, "this is not valid JSON" + place());
        };
    }

    private String place() {
        var location = parser.currentLocation();
        return " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
    }

    @Override
    public void close() {
        parser.close();
        release.run();
    }

    /** Bytes of a segment as a stream, without a copy of the whole. */
    private static final class SegmentStream extends InputStream {
        private final MemorySegment bytes;
        private long position;

        SegmentStream(MemorySegment bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            return position == bytes.byteSize() ? -1 : bytes.get(ValueLayout.JAVA_BYTE, position++) & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int count = (int) Math.min(length, bytes.byteSize() - position);
            if (count == 0 && length > 0) {
                return -1;
            }
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, position, to, offset, count);
            position += count;
            return count;
        }
    }
}
