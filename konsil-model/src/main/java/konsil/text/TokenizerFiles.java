package konsil.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Metadata;

/** Reads tokenizers from the files that models are published with. */
public final class TokenizerFiles {
    /** What a packed tokenizer is called among the files of a model. */
    public static final String PACKED = "tokenizer.konsil";

    private static final String JSON = "tokenizer.json";
    private static final String MODEL = "tokenizer.model";
    /** The same under the name that T5 gave it. */
    private static final String PIECES = "spiece.model";

    private static final int START_BYTES = 256;
    /** The first byte of a SentencePiece model: field 1, a message. */
    private static final String MODEL_START = "\n";
    /** How files start that hold a model and its tokenizer. */
    private static final List<String> MODELS = List.of("GGUF", "KONSIL");

    private TokenizerFiles() {}

    /**
     * Reads the tokenizer at a path.
     *
     * @param path a tokenizer.json, a SentencePiece model, a packed tokenizer, a GGUF file or a packed model, told by
     *     content; or the folder of a model
     * @throws BadFileException if there is none, or it is damaged, hostile, or asks for anything that is not understood
     * @throws IOException if reading fails
     */
    public static Tokenizer open(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return openFile(path);
        }
        for (String name : List.of(JSON, MODEL, PIECES)) {
            if (Files.exists(path.resolve(name))) {
                return openFile(path.resolve(name));
            }
        }
        return ofModel(path);
    }

    private static Tokenizer openFile(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new BadFileException(file, "there is no such file, or no permission to read it");
        }
        String start = start(file);
        if (start.stripLeading().startsWith("{")) {
            return TokenizerJson.read(file);
        }
        if (start.startsWith(PackedTokenizer.MAGIC_TEXT)) {
            try (var channel = FileChannel.open(file)) {
                return Tokenizer.readPacked(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()), file);
            }
        }
        if (start.startsWith(MODEL_START)) {
            return TokenizerModel.read(file);
        }
        if (MODELS.stream().anyMatch(start::startsWith)) {
            return ofModel(file);
        }
        throw new BadFileException(
                file, "want the folder of a model, tokenizer.json, tokenizer.model, a GGUF file or a packed model");
    }

    private static String start(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(START_BYTES), StandardCharsets.ISO_8859_1);
        }
    }

    private static Tokenizer ofModel(Path path) throws IOException {
        try (var checkpoint = Checkpoint.open(path)) {
            return of(checkpoint);
        }
    }

    /**
     * Reads the tokenizer that came with a model: a packed one, or tokenizer.json, or tokenizer.model (spiece.model), or that of GGUF
     * metadata; the first that is there.
     *
     * @throws BadFileException as {@link #open}
     */
    public static Tokenizer of(Checkpoint model) {
        var packed = model.fileBuffer(PACKED);
        if (packed.isPresent()) {
            return Tokenizer.readPacked(packed.get(), model.path().resolve(PACKED));
        }
        var json = model.fileBuffer(JSON);
        if (json.isPresent()) {
            return TokenizerJson.read(json.get(), model.path().resolve(JSON));
        }
        for (String name : List.of(MODEL, PIECES)) {
            var pieces = model.fileBuffer(name);
            if (pieces.isPresent()) {
                return TokenizerModel.read(pieces.get(), model.path().resolve(name));
            }
        }
        if (!model.metadata().has(GgufTokenizer.TOKENS)) {
            throw new BadFileException(
                    model.path(), "want %s or %s beside the model, or a tokenizer in it".formatted(JSON, MODEL));
        }
        return ofGguf(model.path(), model.metadata());
    }

    /** Whether a model came with a tokenizer, of whatever kind. */
    public static boolean among(Checkpoint model) {
        return model.files().contains(PACKED)
                || model.files().contains(JSON)
                || model.files().contains(MODEL)
                || model.metadata().has(GgufTokenizer.TOKENS);
    }

    /**
     * Makes a tokenizer of what a GGUF file says about it.
     *
     * @param file for errors
     * @throws BadFileException as {@link #open}
     */
    public static Tokenizer ofGguf(Path file, Metadata metadata) {
        return new Tokenizer(GgufTokenizer.parts(file, metadata));
    }

    /**
     * Makes a tokenizer of a list of tokens with scores, in the order of ids, as SentencePiece merges them: spaces
     * become the mark, none is added in front.
     *
     * @param file for errors
     * @param byteFallback whether unknown characters are written as bytes; then all 256 byte tokens must be there
     * @throws BadFileException as {@link #open}
     */
    public static Tokenizer ofPieces(Path file, List<ScoredPiece> pieces, boolean byteFallback) {
        return new Tokenizer(ScoredPieces.parts(file, List.copyOf(pieces), byteFallback));
    }

    /** Reads the text of a tokenizer.json. @param file what to call it in errors */
    static Tokenizer ofJson(ByteBuffer text, Path file) {
        return TokenizerJson.read(text, file);
    }

    /** Reads the bytes of a tokenizer.model. @param file what to call it in errors */
    static Tokenizer ofModel(ByteBuffer bytes, Path file) {
        return TokenizerModel.read(bytes, file);
    }
}
