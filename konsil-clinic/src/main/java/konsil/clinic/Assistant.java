package konsil.clinic;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import konsil.clinic.Looking.Seen;
import konsil.clinic.Provenance.ModelSource;
import konsil.medgemma.Adapter;
import konsil.medgemma.ImageConfig;
import konsil.medgemma.MedGemma;
import konsil.medgemma.PixelInputs;
import konsil.medgemma.PixelSettings;
import konsil.medgemma.Prompt;
import konsil.medgemma.TokenSequence;
import konsil.medgemma.generation.Answer;
import konsil.medgemma.generation.AnswerEngine;
import konsil.medgemma.generation.EngineSettings;
import konsil.medgemma.generation.GenerationRequest;
import konsil.medgemma.inputs.TokenBudget;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fingerprint;
import konsil.text.ChatTemplate;
import konsil.text.Piece;
import konsil.text.Tokenizer;
import konsil.text.TokenizerFiles;

/**
 * A loaded model with all that stands between people's questions and its answers: tokenizer, pictures, an engine, and
 * what was seen of pictures before. For any number of threads; questions that come together are answered together.
 */
public final class Assistant implements AutoCloseable {
    private static final long SEEN_BYTES = 512L << 20;
    /** Questions that may wait for each that is being answered. */
    private static final int WAITING_EACH = 4;

    private final Loaded loaded;
    private final AssistantSettings settings;
    private final MedGemma model;
    private final Prompt prompt;
    private final AnswerEngine engine;
    private final Looking looking;
    private final long context;

    /** What was read from files. */
    private record Loaded(
            MedGemma base,
            Optional<Adapter> adapter,
            Tokenizer tokenizer,
            PixelSettings pixels,
            ModelSource source,
            Machine machine) {
        void close() {
            base.close();
            adapter.ifPresent(Adapter::close);
        }
    }

    private Assistant(Loaded loaded, AssistantSettings settings) {
        this.loaded = loaded;
        this.settings = settings;
        model = loaded.adapter().map(loaded.base()::adapted).orElse(loaded.base());
        prompt = new Prompt(model.config(), loaded.tokenizer());
        context = settings.context().orElse(model.config().text().maxPositions());
        engine = new AnswerEngine(model, engineSettings(context, settings));
        var pixels = loaded.pixels().with(settings.framing());
        var inputs = new PixelInputs(settings.panAndScan().isPresent() ? pixels.with(settings.panAndScan()) : pixels);
        var cache = new SoftTokenCache(settings.imageFolder(), SEEN_BYTES);
        looking = new Looking(model, inputs, identity(loaded.source(), settings), cache);
    }

    private static EngineSettings engineSettings(long context, AssistantSettings settings) {
        int atOnce = settings.atOnce();
        var single = EngineSettings.single(context);
        return new EngineSettings(
                atOnce, WAITING_EACH * atOnce, context, single.maxChunk(), settings.goesBack(), single.memoryLimit());
    }

    /** An adapter or another working format sees differently. */
    private static String identity(ModelSource source, AssistantSettings settings) {
        return source.fingerprint() + " " + source.adapter() + " "
                + settings.load().images();
    }

    /**
     * Loads a model.
     *
     * @throws BadFileException when a file is missing, damaged, of another architecture, or does not fit the others
     * @throws IOException when the disk fails
     */
    public static Assistant open(ModelFiles files, Machine machine, AssistantSettings settings) throws IOException {
        var model = MedGemma.load(files.checkpoint(), machine.kernels(), machine.workers(), settings.load());
        var closing = new ArrayList<Runnable>(List.of(model::close));
        try (var checkpoint = Checkpoint.open(files.checkpoint())) {
            Optional<Adapter> adapter = Optional.empty();
            if (files.adapter().isPresent()) {
                adapter = Optional.of(Adapter.load(files.adapter().get(), machine.workers()));
                closing.add(adapter.get()::close);
            }
            var tokenizer = TokenizerFiles.of(checkpoint);
            var source = source(files, checkpoint, adapter);
            var loaded = new Loaded(model, adapter, tokenizer, pixels(checkpoint, model), source, machine);
            return new Assistant(loaded, settings);
        } catch (IOException | RuntimeException | Error e) {
            closing.reversed().forEach(Runnable::run);
            throw e;
        }
    }

    private static PixelSettings pixels(Checkpoint checkpoint, MedGemma model) {
        int side = model.config()
                .images()
                .map(images -> images.vision().imageSize())
                .orElse(1);
        return PixelSettings.of(
                checkpoint.settings("processor_config.json"), checkpoint.settings("preprocessor_config.json"), side);
    }

    private static ModelSource source(ModelFiles files, Checkpoint checkpoint, Optional<Adapter> adapter) {
        var names = files.checkpoint().stream()
                .map(Path::toAbsolutePath)
                .map(Path::normalize)
                .map(path -> String.valueOf(path.getFileName()))
                .toList();
        String format = checkpoint.format();
        return new ModelSource(
                names,
                format,
                Fingerprint.of(checkpoint),
                adapter.map(Adapter::sha256).orElse(""));
    }

    /** Whether the model can look at pictures. */
    public boolean seesPictures() {
        return model.config().images().isPresent();
    }

    /** Tokens of the longest conversation, the reply included. */
    public long context() {
        return context;
    }

    /**
     * What a conversation costs, before anything is computed; no pan and scan.
     *
     * @param answerTokens kept for the answer
     * @throws BadInputException when the conversation cannot be rendered
     */
    public TokenBudget budget(List<Message> conversation, int answerTokens) {
        int each = model.config().images().map(ImageConfig::tokensPerImage).orElse(0);
        var tokenizer = loaded.tokenizer();
        return TokenBudget.of(
                conversation.stream().map(Message::turn).toList(),
                tokenizer::count,
                new TokenBudget.Limits(each, 1, answerTokens, context));
    }

    /**
     * Has the model reply to a conversation.
     *
     * @param conversation ends with what the user says
     * @throws BadInputException when the conversation cannot be rendered, has pictures and the model sees none, or does
     *     not fit the context; nothing has been computed then
     * @throws konsil.medgemma.generation.BusyException when too many questions wait already
     */
    public Reply ask(List<Message> conversation, AnswerSettings answer, AnswerListener listener) {
        Instant time = Instant.now();
        var pieces =
                ChatTemplate.prompt(conversation.stream().map(Message::turn).toList());
        var pictures = conversation.stream()
                .flatMap(message -> message.pictures().stream())
                .toList();
        var sequence =
                prompt.sequence(pieces, pictures.stream().map(looking::views).toList());
        requireRoom(sequence, pictures.size());
        listener.asked(sequence.size(), pictures.size());
        var source = new Question(time, pieces, pictures, sequence, answer);
        long start = System.nanoTime();
        try {
            var seen = looking.look(pictures, listener);
            double imageSeconds = (System.nanoTime() - start) * 1e-9;
            return reply(source, seen, imageSeconds, listener);
        } catch (CancellationException _) {
            return unseen(source, (System.nanoTime() - start) * 1e-9);
        }
    }

    private record Question(
            Instant time, List<Piece> pieces, List<Picture> pictures, TokenSequence sequence, AnswerSettings answer) {}

    private void requireRoom(TokenSequence sequence, int pictures) {
        if (sequence.size() + 1L <= context) {
            return;
        }
        int each = model.config().images().map(ImageConfig::tokensPerImage).orElse(0);
        String ofPictures = pictures == 0
                ? ""
                : ", %d of them for %d pictures of %d tokens a view"
                        .formatted(sequence.images() * each, pictures, each);
        throw new BadInputException(("the prompt has %d tokens%s; the context holds %d, the answer included. "
                        + "Use %sa shorter text or more context.")
                .formatted(sequence.size(), ofPictures, context, pictures == 0 ? "" : "fewer pictures, "));
    }

    private Reply reply(Question question, Seen seen, double imageSeconds, AnswerListener listener) {
        var answer = question.answer();
        var stopTokens = model.config().stopTokens();
        int softToken = model.config().images().map(ImageConfig::softToken).orElse(-1);
        int room =
                (int) Math.min(answer.maxTokens(), context - question.sequence().size());
        var request = new GenerationRequest(
                question.sequence(),
                seen.softTokens(),
                seen.keys(),
                answer.sampling(),
                new GenerationRequest.Limits(room, stopTokens, answer.alternatives()),
                new KnownTokens(loaded.tokenizer().size(), softToken, answer.constraint()));
        var writer = new ReplyWriter(loaded.tokenizer(), answer.stops(), listener);
        var ticket = engine.submit(request, writer);
        writer.endsBy(ticket.cancel());
        Answer given = join(ticket);
        writer.finish();
        double[] seconds = writer.seconds();
        var usage = new Reply.Usage(
                question.sequence().size(),
                given.reused(),
                given.tokens().length,
                seen.keys().size(),
                seen.known(),
                engine.cacheBytes(),
                imageSeconds,
                seconds[0],
                seconds[1]);
        return new Reply(
                writer.answered() ? writer.answer() : "",
                writer.thought(),
                writer.answered(),
                end(given, writer),
                given.choices(),
                usage,
                provenance(question, seen.hashes()));
    }

    private static Answer join(AnswerEngine.Ticket ticket) {
        try {
            return ticket.answer().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }

    private static Reply.End end(Answer given, ReplyWriter writer) {
        if (writer.stoppedByText()) {
            return Reply.End.STOP_TEXT;
        }
        return switch (given.ending()) {
            case STOP_TOKEN -> Reply.End.DONE;
            case LENGTH -> Reply.End.LENGTH;
            case CANCELLED -> Reply.End.CANCELLED;
        };
    }

    /** Cancelled while the model still looked at pictures. */
    private Reply unseen(Question question, double imageSeconds) {
        int tokens = question.sequence().size();
        var usage = new Reply.Usage(tokens, 0, 0, 0, 0, engine.cacheBytes(), imageSeconds, 0, 0);
        return new Reply("", "", false, Reply.End.CANCELLED, List.of(), usage, provenance(question, List.of()));
    }

    private Provenance provenance(Question question, List<List<String>> hashes) {
        var inputs = new ArrayList<Provenance.Input>();
        for (int i = 0; i < hashes.size(); i++) {
            var picture = question.pictures().get(i);
            String shown = "%s, %d views"
                    .formatted(
                            settings.framing().name().toLowerCase(Locale.ROOT),
                            hashes.get(i).size());
            inputs.add(new Provenance.Input(picture.name(), picture.sha256(), shown, hashes.get(i), picture.origin()));
        }
        var load = settings.load();
        String machine = "%s; text %s, images %s, keys and values %s"
                .formatted(loaded.machine().description(), load.text(), load.images(), model.cacheFormat());
        return new Provenance(
                settings.version(),
                question.time(),
                loaded.source(),
                machine,
                ChatTemplate.text(question.pieces()),
                inputs,
                question.answer());
    }

    @Override
    public void close() {
        engine.close();
        looking.close();
        loaded.close();
    }
}
