package konsil.clinic;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import konsil.clinic.Provenance.ModelSource;
import konsil.clinic.TranscriptProvenance.Named;
import konsil.clinic.dictation.DictationFormatter;
import konsil.medasr.LongAudio;
import konsil.medasr.MedAsr;
import konsil.medasr.Recogniser;
import konsil.medasr.decoding.Decoder;
import konsil.medasr.decoding.Fusion;
import konsil.medasr.decoding.Pieces;
import konsil.medasr.decoding.Terms;
import konsil.medasr.lm.NGramModel;
import konsil.media.audio.AudioStream;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fingerprint;
import konsil.text.Tokenizer;

/**
 * A loaded MedASR with all that stands between sound and text: tokenizer, language model, search, formatting. Takes
 * recordings of any length; what it keeps does not grow with them, apart from their text. For any number of threads.
 */
public final class Transcriber implements AutoCloseable {
    /** Samples a second that the network hears. */
    public static final int RATE = 16_000;

    private static final int BLOCK = RATE / 2;
    private static final int MOST_ALTERNATIVES = 100;

    private final Loaded loaded;
    private final TranscriberSettings settings;
    private final Tokenizer tokenizer;
    private final Pieces pieces;
    private final Fusion fusion;
    private final DictationFormatter formatter;

    /** What was read from files. */
    private record Loaded(
            MedAsr model, Optional<NGramModel> languageModel, ModelSource source, Named lmSource, Machine machine) {
        void close() {
            languageModel.ifPresent(NGramModel::close);
            model.close();
        }
    }

    private Transcriber(Loaded loaded, TranscriberSettings settings, Path file) {
        this.loaded = loaded;
        this.settings = settings;
        tokenizer = loaded.model()
                .tokenizer()
                .orElseThrow(() -> new BadFileException(
                        file, "want tokenizer.json or tokenizer.model with the model, found none of them"));
        var config = loaded.model().config();
        if (config.blank() != Pieces.BLANK) {
            throw new BadFileException(file, "want token %d as blank, got %d".formatted(Pieces.BLANK, config.blank()));
        }
        pieces = new Pieces(IntStream.range(0, config.vocabSize())
                .mapToObj(id -> id < tokenizer.size() ? tokenizer.token(id) : "")
                .toList());
        fusion = loaded.languageModel()
                .map(model -> Fusion.of(pieces, model, settings.decoder().weights()))
                .orElseGet(() -> Fusion.without(pieces));
        if (loaded.languageModel().isPresent() && fusion.known() == 0) {
            throw new BadInputException("%s knows none of the pieces of the model; want one made over its tokens"
                    .formatted(loaded.lmSource().name()));
        }
        formatter = new DictationFormatter(settings.dictation());
    }

    /**
     * Loads a model.
     *
     * @throws BadFileException when a file is missing, damaged, of another architecture, or does not fit the others
     * @throws IOException when the disk fails
     */
    public static Transcriber open(TranscriberFiles files, Machine machine, TranscriberSettings settings)
            throws IOException {
        var paths = List.of(files.model());
        var closing = new ArrayList<Runnable>();
        try (var checkpoint = Checkpoint.open(paths)) {
            var model = MedAsr.load(paths, machine.kernels(), machine.workers(), settings.load());
            closing.add(model::close);
            Optional<NGramModel> lm = Optional.empty();
            var lmSource = Named.NONE;
            if (files.languageModel().isPresent()) {
                lmSource = LanguageModelFile.named(files.languageModel().get());
                lm = Optional.of(NGramModel.open(files.languageModel().get()));
                closing.add(lm.get()::close);
            }
            String name =
                    String.valueOf(files.model().toAbsolutePath().normalize().getFileName());
            var source = new ModelSource(List.of(name), checkpoint.format(), Fingerprint.of(checkpoint), "");
            return new Transcriber(new Loaded(model, lm, source, lmSource, machine), settings, files.model());
        } catch (IOException | RuntimeException | Error e) {
            closing.reversed().forEach(Runnable::run);
            throw e;
        }
    }

    /**
     * What is asked of one recording.
     *
     * @param alternatives how many ways to understand it are wanted, 1 to 100; more than one takes memory
     * @param sha256 of the recording's file, empty when not known
     */
    public record Request(Vocabulary vocabulary, int alternatives, String sha256) {
        public Request {
            if (alternatives < 1 || alternatives > MOST_ALTERNATIVES) {
                throw new BadInputException(
                        "alternatives: want 1 to %d, got %d".formatted(MOST_ALTERNATIVES, alternatives));
            }
        }

        /** The best alone. */
        public static Request of(Vocabulary vocabulary) {
            return new Request(vocabulary, 1, "");
        }
    }

    /** A vocabulary made ready for this model. */
    record Ready(Vocabulary vocabulary, Terms terms, Decoder decoder) {}

    Ready ready(Vocabulary vocabulary) {
        var decoder = settings.decoder();
        boolean beam =
                switch (decoder.kind()) {
                    case AUTO ->
                        loaded.languageModel().isPresent()
                                || !vocabulary.terms().isEmpty();
                    case BEAM -> true;
                    case GREEDY, COMPATIBLE -> false;
                };
        var terms =
                beam ? Terms.of(pieces, vocabulary.terms(), this::spell, decoder.termStrength()) : Terms.none(pieces);
        if (beam) {
            return new Ready(vocabulary, terms, new Decoder.Beam(fusion, terms, decoder.beam()));
        }
        return new Ready(
                vocabulary,
                terms,
                decoder.kind() == DecoderSettings.Kind.COMPATIBLE
                        ? new Decoder.Compatible(fusion, decoder.beam(), true)
                        : new Decoder.Greedy(pieces));
    }

    private int[] spell(String text, boolean atWordStart) {
        int[] ids = atWordStart ? tokenizer.encode(text) : tokenizer.encodeContinued(text);
        return Arrays.stream(ids).allMatch(id -> id < pieces.size()) ? ids : new int[] {Pieces.UNKNOWN};
    }

    /** The terms of a vocabulary that have a character which no token has; they are not looked for. */
    public int unspellable(Vocabulary vocabulary) {
        return ready(vocabulary).terms().unspellable().size();
    }

    /**
     * How many of the tokens with a text the language model does not know, if there is one. One that was made over
     * words, or over other tokens, makes transcripts worse than none.
     */
    public OptionalInt unknownToLanguageModel() {
        return loaded.languageModel().isPresent() ? OptionalInt.of(tokens() - fusion.known()) : OptionalInt.empty();
    }

    /** How many tokens with a text the model tells apart. */
    public int tokens() {
        return (int) IntStream.range(0, pieces.size()).filter(pieces::spoken).count();
    }

    /**
     * Writes down what is said.
     *
     * @param audio at any rate; stays the caller's to close
     * @throws konsil.media.BadMediaException where the recording turns out to be damaged
     * @throws BadInputException when it is too long for the windowing
     * @throws IOException when the disk fails
     */
    public Transcript transcribe(AudioStream audio, Request request, TranscribeListener listener) throws IOException {
        Instant time = Instant.now();
        var ready = ready(request.vocabulary());
        var listening = listening(ready, request.alternatives());
        var sound = new Sound(audio.at(RATE), listener);
        try (var recogniser = recogniser()) {
            var network = new LongAudio(recogniser, settings.windowing(), listening);
            for (var block = sound.next(); block.isPresent(); block = sound.next()) {
                network.accept(block.get());
            }
            network.finish();
        }
        var heard = listening.finish(request.alternatives());
        var named = new Named(audio.name(), request.sha256());
        return transcript(ready, heard, sound, provenance(time, ready, named));
    }

    /** Sound that is read block by block until it ends or nobody wants more. */
    private static final class Sound {
        private final AudioStream stream;
        private final TranscribeListener listener;
        private final float[] buffer = new float[BLOCK];
        private final OptionalDouble total;
        private long samples;
        private boolean complete;

        Sound(AudioStream stream, TranscribeListener listener) {
            this.stream = stream;
            this.listener = listener;
            total = stream.length().isPresent()
                    ? OptionalDouble.of(stream.length().getAsLong() / (double) RATE)
                    : OptionalDouble.empty();
        }

        Optional<float[]> next() throws IOException {
            if (listener.cancelled()) {
                return Optional.empty();
            }
            int count = stream.read(buffer);
            complete = count < 0;
            if (complete) {
                return Optional.empty();
            }
            samples += count;
            listener.heard(seconds(), total);
            return Optional.of(Arrays.copyOf(buffer, count));
        }

        double seconds() {
            return samples / (double) RATE;
        }
    }

    private Transcript transcript(Ready ready, Listening.Heard heard, Sound sound, TranscriptProvenance provenance) {
        var text = text(ready, heard.tokens());
        var alternatives = new ArrayList<Transcript.Alternative>();
        for (var other : heard.alternatives()) {
            String raw = RawText.of(other.ids(), tokenizer, ready.terms()).text();
            alternatives.add(
                    new Transcript.Alternative(raw, formatter.format(raw).text(), other.score()));
        }
        return new Transcript(
                text.formatted(),
                text.words(),
                text.rawWords(),
                alternatives,
                sound.seconds(),
                sound.complete,
                sound.stream.warnings(),
                provenance);
    }

    TimedText text(Ready ready, List<HeardToken> tokens) {
        int[] ids = tokens.stream().mapToInt(HeardToken::id).toArray();
        var raw = RawText.of(ids, tokenizer, ready.terms());
        var formatted = formatter.format(raw.text());
        return new TimedText(formatted, raw.words(formatted, tokens, tokenizer), raw.words(tokens, tokenizer));
    }

    String raw(Ready ready, int[] ids) {
        return RawText.of(ids, tokenizer, ready.terms()).text();
    }

    Listening listening(Ready ready, int alternatives) {
        return new Listening(
                ready.decoder().start(alternatives > 1), loaded.model().config().clock(), pieces);
    }

    Recogniser recogniser() {
        return new Recogniser(loaded.model(), settings.memoryLimit());
    }

    /** The text of dictation as it should read. */
    public DictationFormatter formatter() {
        return formatter;
    }

    TranscriptProvenance provenance(Instant time, Ready ready, Named audio) {
        var terms = ready.vocabulary().terms();
        var vocabulary = terms.isEmpty()
                ? Named.NONE
                : new Named(
                        "%d terms".formatted(terms.size()), ready.vocabulary().sha256());
        return new TranscriptProvenance(
                settings.version(),
                time,
                loaded.source(),
                "%s; weights %s"
                        .formatted(
                                loaded.machine().description(),
                                settings.load().format().name().toLowerCase(Locale.ROOT)),
                audio,
                loaded.lmSource(),
                vocabulary,
                settings.windowing().toString(),
                described(ready.decoder()));
    }

    private String described(Decoder decoder) {
        var chosen = settings.decoder();
        return switch (decoder) {
            case Decoder.Greedy _ -> "greedy";
            case Decoder.Beam _ ->
                "beam, %s, %s, term strength %s".formatted(chosen.beam(), chosen.weights(), chosen.termStrength());
            case Decoder.Compatible _ -> "compatible, %s, %s".formatted(chosen.beam(), chosen.weights());
        };
    }

    @Override
    public void close() {
        loaded.close();
    }
}
