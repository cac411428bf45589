package konsil.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import konsil.tensor.file.BadFileException;
import konsil.text.ScoredPiece.Kind;

/**
 * Reads tokenizer.model, SentencePiece's own format, for byte-pair encoding and for Unigram
 * (https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto, whose field numbers these are).
 */
final class TokenizerModel {
    private static final long MAX_BYTES = 64L << 20;
    private static final int UNIGRAM = 1;
    private static final int BPE = 2;

    private final Path file;
    private final List<ScoredPiece> pieces = new ArrayList<>();
    private int modelType = UNIGRAM;
    private boolean byteFallback;
    private boolean spaceAsSuffix;
    private boolean normaliserRead;
    private Normaliser normaliser = new Normaliser(Optional.empty(), true, true, true);

    private TokenizerModel(Path file) {
        this.file = file;
    }

    /** @throws BadFileException if the file is damaged, hostile, or asks for anything that is not understood */
    static Tokenizer read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MAX_BYTES) {
            throw new BadFileException(file, "is %d bytes long, the limit is %d".formatted(size, MAX_BYTES));
        }
        return read(ByteBuffer.wrap(Files.readAllBytes(file)), file);
    }

    static Tokenizer read(ByteBuffer bytes, Path file) {
        return new TokenizerModel(file).tokenizer(new Protobuf(file, bytes));
    }

    /** SentencePiece's NormalizerSpec, with its defaults. */
    private record Normaliser(
            Optional<ByteBuffer> charsmap, boolean spaceInFront, boolean removesSpaces, boolean marksSpaces) {}

    private Tokenizer tokenizer(Protobuf root) {
        for (int field = root.next(); field != 0; field = root.next()) {
            switch (field) {
                case 1 -> readPiece(root.message());
                case 2 -> readTrainer(root.message());
                case 3 -> readNormaliser(root.message());
                case 5 -> readDenormaliser(root.message());
                default -> root.skip();
            }
        }
        if (modelType != BPE && modelType != UNIGRAM) {
            throw new BadFileException(
                    file,
                    "want a tokenizer of type Unigram (%d) or BPE (%d), got type %d"
                            .formatted(UNIGRAM, BPE, modelType));
        }
        if (spaceAsSuffix) {
            throw new BadFileException(file, "treat_whitespace_as_suffix: want false");
        }
        return modelType == UNIGRAM ? unigram() : bytePairs();
    }

    private Tokenizer bytePairs() {
        if (!normaliserRead) {
            throw new BadFileException(file, "normalizer_spec: is missing; want one without a space in front");
        }
        requireNot(
                normaliser.charsmap.isPresent(),
                "precompiled_charsmap: want none: Gemma 3 leaves characters as they are");
        requireNot(normaliser.spaceInFront, "add_dummy_prefix: want false");
        requireNot(normaliser.removesSpaces, "remove_extra_whitespaces: want false");
        requireNot(!normaliser.marksSpaces, "escape_whitespaces: want true");
        return new Tokenizer(ScoredPieces.parts(file, pieces, byteFallback));
    }

    private Tokenizer unigram() {
        requireNot(byteFallback, "byte_fallback: want false for a Unigram model");
        requireNot(!normaliser.spaceInFront, "add_dummy_prefix: want true for a Unigram model");
        requireNot(!normaliser.removesSpaces, "remove_extra_whitespaces: want true for a Unigram model");
        requireNot(!normaliser.marksSpaces, "escape_whitespaces: want true");
        var charsmap = normaliser.charsmap.map(bytes -> Charsmap.read(bytes, file));
        return UnigramPieces.tokenizer(file, pieces, charsmap);
    }

    private void readPiece(Protobuf message) {
        String text = "";
        float score = 0;
        long kind = 1;
        for (int field = message.next(); field != 0; field = message.next()) {
            switch (field) {
                case 1 -> text = message.text();
                case 2 -> score = message.real();
                case 3 -> kind = message.whole();
                default -> message.skip();
            }
        }
        if (pieces.size() == Vocabulary.MAX_SIZE) {
            throw new BadFileException(file, "want at most %d tokens".formatted(Vocabulary.MAX_SIZE));
        }
        pieces.add(new ScoredPiece(text, score, kind(file, pieces.size(), kind)));
    }

    /** The kind of this number, as both formats count. */
    static Kind kind(Path file, int id, long number) {
        return switch (Math.clamp(number, 0, 7)) {
            case 1 -> Kind.NORMAL;
            case 2 -> Kind.UNKNOWN;
            case 3 -> Kind.CONTROL;
            case 4 -> Kind.USER_DEFINED;
            case 5 -> Kind.UNUSED;
            case 6 -> Kind.BYTE;
            default -> throw new BadFileException(file, "token " + id, "want a type of 1..6, got " + number);
        };
    }

    private void readTrainer(Protobuf message) {
        for (int field = message.next(); field != 0; field = message.next()) {
            switch (field) {
                case 3 -> modelType = (int) message.whole();
                case 24 -> spaceAsSuffix = message.flag();
                case 35 -> byteFallback = message.flag();
                default -> message.skip();
            }
        }
    }

    private void readNormaliser(Protobuf message) {
        var charsmap = normaliser.charsmap;
        boolean spaceInFront = normaliser.spaceInFront;
        boolean removesSpaces = normaliser.removesSpaces;
        boolean marksSpaces = normaliser.marksSpaces;
        for (int field = message.next(); field != 0; field = message.next()) {
            switch (field) {
                case 2 -> charsmap = Optional.of(message.block()).filter(ByteBuffer::hasRemaining);
                case 3 -> spaceInFront = message.flag();
                case 4 -> removesSpaces = message.flag();
                case 5 -> marksSpaces = message.flag();
                default -> message.skip();
            }
        }
        normaliserRead = true;
        normaliser = new Normaliser(charsmap, spaceInFront, removesSpaces, marksSpaces);
    }

    private void readDenormaliser(Protobuf message) {
        for (int field = message.next(); field != 0; field = message.next()) {
            if (field == 2) {
                requireNot(!message.empty(), "denormalizer_spec.precompiled_charsmap: want none");
            } else {
                message.skip();
            }
        }
    }

    private void requireNot(boolean wrong, String what) {
        if (wrong) {
            throw new BadFileException(file, what);
        }
    }
}
