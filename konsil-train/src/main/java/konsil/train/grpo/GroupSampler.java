package konsil.train.grpo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import konsil.medgemma.ImageConfig;
import konsil.medgemma.MedGemma;
import konsil.medgemma.SoftTokens;
import konsil.medgemma.TokenSequence;
import konsil.medgemma.generation.Answer;
import konsil.medgemma.generation.AnswerEngine;
import konsil.medgemma.generation.Ending;
import konsil.medgemma.generation.EngineSettings;
import konsil.medgemma.generation.GenerationListener;
import konsil.medgemma.generation.GenerationRequest;
import konsil.medgemma.generation.SamplingSettings;
import konsil.text.Specials;
import konsil.text.Tokenizer;
import konsil.train.CrossEntropy;
import konsil.train.data.ExampleMaker.Question;
import konsil.train.gemma.Example;
import konsil.train.gemma.ExampleImage;
import konsil.train.gemma.Lanes;
import konsil.train.gemma.Subject;

/** Draws answers with the model as it is now; each time with a new engine, for keys and values of before are stale. */
final class GroupSampler {
    private static final int AT_ONCE = 32;
    private static final int CHUNK = 512;
    private static final long MEMORY = 8L << 30;
    private static final GenerationListener NOBODY = _ -> {};

    private final Subject subject;
    private final Lanes lanes;
    private final Tokenizer tokenizer;
    private final int maxTokens;

    GroupSampler(Subject subject, Lanes lanes, Tokenizer tokenizer, int maxTokens) {
        this.subject = subject;
        this.lanes = lanes;
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
    }

    /** A question and how its answer is drawn. */
    record Draw(Question question, SamplingSettings sampling) {}

    int known() {
        return tokenizer.size();
    }

    int never() {
        return subject.model().config().images().map(ImageConfig::softToken).orElse(-1);
    }

    /** An answer for each, in order; empty when stopped. */
    Optional<List<Completion>> draw(List<Draw> draws, BooleanSupplier stop) throws IOException {
        var model = subject.model();
        var completions = new ArrayList<Completion>();
        try (var engine = new AnswerEngine(model, settings(model, draws))) {
            var tickets = new ArrayList<AnswerEngine.Ticket>();
            for (var draw : draws) {
                tickets.add(engine.submit(request(model, draw), NOBODY));
            }
            for (int i = 0; i < draws.size(); i++) {
                if (stop.getAsBoolean()) {
                    tickets.forEach(ticket -> ticket.cancel().run());
                    return Optional.empty();
                }
                completions.add(completion(model, draws.get(i).question(), join(tickets.get(i))));
            }
        }
        return Optional.of(completions);
    }

    private EngineSettings settings(MedGemma model, List<Draw> draws) {
        int longest = draws.stream()
                .mapToInt(draw -> draw.question().sequence().size())
                .max()
                .orElse(1);
        int image = model.config().images().map(ImageConfig::tokensPerImage).orElse(1);
        int sessions = Math.min(AT_ONCE, draws.size());
        return new EngineSettings(
                sessions, draws.size(), (long) longest + maxTokens, Math.max(CHUNK, image), 0, MEMORY);
    }

    private GenerationRequest request(MedGemma model, Draw draw) throws IOException {
        var question = draw.question();
        var soft = new ArrayList<SoftTokens>();
        for (var image : question.images()) {
            soft.add(lanes.first().learner().softTokens(subject.plain(), image));
        }
        return new GenerationRequest(
                question.sequence(),
                soft,
                question.images().stream().map(ExampleImage::key).toList(),
                draw.sampling(),
                new GenerationRequest.Limits(maxTokens, model.config().stopTokens(), 0),
                new KnownTokens(known(), never()));
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

    /** The token that ends an answer is learnt with it. */
    private Completion completion(MedGemma model, Question question, Answer answer) {
        int[] prompt = question.sequence().ids();
        int[] drawn =
                answer.choices().stream().mapToInt(choice -> choice.token()).toArray();
        int[] ids =
                IntStream.concat(Arrays.stream(prompt), Arrays.stream(drawn)).toArray();
        int[] labels = IntStream.range(0, ids.length)
                .map(row -> row + 1 >= prompt.length && row + 1 < ids.length ? ids[row + 1] : CrossEntropy.IGNORED)
                .toArray();
        var example = new Example(TokenSequence.of(model.config(), ids), question.images(), labels);
        String text = tokenizer.decode(answer.tokens(), Specials.SKIP);
        return new Completion(example, text, answer.ending() == Ending.STOP_TOKEN);
    }
}
