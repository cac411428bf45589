package konsil.text;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.tensor.file.BadFileException;

/**
 * The parts of a tokenizer as arrays of little-endian numbers, in this order: magic "KONSILTK", version, settings,
 * counts, added tokens, merges, texts (docs/text.md). Reading is one copy for each array.
 */
final class PackedTokenizer {
    static final int VERSION = 1;

    /** The first eight bytes of the file. */
    static final String MAGIC_TEXT = "KONSILTK";

    private static final long MAGIC = 0x4B544C49534E4F4BL;
    private static final int HEAD_BYTES = 8 + 8 * 4;
    private static final int FUSE = 1;
    private static final int BYTES = 2;
    private static final int SPACES = 4;
    private static final int SPECIAL = 1;
    private static final int NORMALISED = 2;

    private PackedTokenizer() {}

    static void write(TokenizerParts parts, OutputStream out) throws IOException {
        var vocabulary = parts.vocabulary();
        var rules = parts.rules();
        var columns =
                List.of(vocabulary.starts(), rules.left(), rules.right(), rules.result(), rules.rank(), rules.extra());
        long bytes = HEAD_BYTES + 8L * parts.added().size() + 2L * vocabulary.chars().length;
        for (int[] column : columns) {
            bytes += 4L * column.length;
        }
        var to = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        to.putLong(MAGIC)
                .putInt(VERSION)
                .putInt(flags(parts.settings()))
                .putInt(parts.settings().unknown());
        to.putInt(vocabulary.size())
                .putInt(vocabulary.chars().length)
                .putInt(parts.added().size());
        to.putInt(rules.size()).putInt(rules.extra().length);
        for (var token : parts.added()) {
            to.putInt(token.id()).putInt((token.special() ? SPECIAL : 0) | (token.normalised() ? NORMALISED : 0));
        }
        for (int[] column : columns) {
            to.asIntBuffer().put(column);
            to.position(to.position() + 4 * column.length);
        }
        to.asCharBuffer().put(vocabulary.chars());
        out.write(to.array());
    }

    private static int flags(TokenizerParts.Settings settings) {
        return (settings.fuseUnknown() ? FUSE : 0)
                | (settings.byteFallback() ? BYTES : 0)
                | (settings.spaceMark() ? SPACES : 0);
    }

    static TokenizerParts read(ByteBuffer packed, Path file) {
        var from = packed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        try {
            return read(new Source(from, file));
        } catch (BufferUnderflowException e) {
            throw new BadFileException(file, "the packed tokenizer ends too early", e);
        }
    }

    private static TokenizerParts read(Source source) {
        if (source.from.getLong() != MAGIC) {
            throw new BadFileException(source.file, "this is no packed tokenizer");
        }
        int version = source.from.getInt();
        if (version != VERSION) {
            throw new BadFileException(
                    source.file,
                    "the packed tokenizer has version %d, this Konsil reads %d; import the model again"
                            .formatted(version, VERSION));
        }
        int flags = source.from.getInt();
        int unknown = source.from.getInt();
        int tokens = source.count("tokens", Vocabulary.MAX_SIZE);
        int chars = source.count("characters", Integer.MAX_VALUE);
        int added = source.count("added tokens", tokens);
        int rules = source.count("merges", MergeRules.MAX_SIZE);
        int extra = source.count("extra symbols", Vocabulary.MAX_SIZE);
        var addedTokens = source.added(added, tokens);
        int[] starts = source.starts(tokens, chars);
        var mergeRules = new MergeRules(
                source.numbers(rules),
                source.numbers(rules),
                source.numbers(rules),
                source.numbers(rules),
                source.numbers(extra));
        source.require(mergeRules.sound(tokens));
        var settings = new TokenizerParts.Settings(
                unknown == TokenizerParts.NONE ? unknown : source.within(unknown, tokens),
                (flags & FUSE) != 0,
                (flags & BYTES) != 0,
                (flags & SPACES) != 0);
        var parts = new TokenizerParts(new Vocabulary(source.chars(chars), starts), addedTokens, mergeRules, settings);
        source.end();
        return parts;
    }

    /** Every number is held against what it counts or points at. */
    private record Source(ByteBuffer from, Path file) {
        /** A count of things, each of which takes at least a byte. */
        int count(String what, int most) {
            int count = from.getInt();
            if (count < 0 || count > most || count > from.capacity()) {
                throw new BadFileException(file, "the packed tokenizer says it holds %d %s".formatted(count, what));
            }
            return count;
        }

        int within(int value, int below) {
            require(value >= 0 && value < below);
            return value;
        }

        int[] numbers(int count) {
            require(4L * count);
            int[] values = new int[count];
            from.asIntBuffer().get(values);
            from.position(from.position() + 4 * count);
            return values;
        }

        List<AddedToken> added(int count, int tokens) {
            require(8L * count);
            var added = new ArrayList<AddedToken>(count);
            for (int i = 0; i < count; i++) {
                int id = within(from.getInt(), tokens);
                int kind = from.getInt();
                added.add(new AddedToken(id, (kind & SPECIAL) != 0, (kind & NORMALISED) != 0));
            }
            return added;
        }

        int[] starts(int tokens, int chars) {
            int[] starts = numbers(tokens + 1);
            boolean sound = starts[0] == 0 && starts[tokens] == chars;
            for (int i = 0; i < tokens; i++) {
                sound &= starts[i] < starts[i + 1] && starts[i + 1] - starts[i] <= TextIndex.MAX_LENGTH;
            }
            require(sound);
            return starts;
        }

        char[] chars(int count) {
            require(2L * count);
            char[] values = new char[count];
            from.asCharBuffer().get(values);
            from.position(from.position() + 2 * count);
            return values;
        }

        void require(boolean sound) {
            if (!sound) {
                throw damaged();
            }
        }

        void require(long bytes) {
            if (from.remaining() < bytes) {
                throw new BufferUnderflowException();
            }
        }

        void end() {
            if (from.hasRemaining()) {
                throw new BadFileException(file, "more bytes follow the end of the packed tokenizer");
            }
        }

        private BadFileException damaged() {
            return new BadFileException(file, "the packed tokenizer is damaged: a number in it is out of range");
        }
    }
}
