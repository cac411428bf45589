package konsil.medgemma.generation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import konsil.medgemma.Job;

/** A request on its way: waiting, being read, answered. Touched by the engine's thread alone, but for cancelling. */
final class Answering {
    private final GenerationRequest request;
    private final GenerationListener listener;
    private final CompletableFuture<Answer> done = new CompletableFuture<>();
    private final Sampler sampler;
    private final List<Choice> choices = new ArrayList<>();
    private Session session;
    private int reused;
    private volatile boolean cancelled;

    Answering(GenerationRequest request, GenerationListener listener) {
        this.request = request;
        this.listener = listener;
        sampler = new Sampler(
                request.sampling(), request.constraint(), request.limits().alternatives());
        sampler.said(request.prompt().ids());
    }

    GenerationRequest request() {
        return request;
    }

    CompletableFuture<Answer> done() {
        return done;
    }

    void cancel() {
        cancelled = true;
    }

    boolean cancelled() {
        return cancelled;
    }

    Session session() {
        return session;
    }

    void begin(Session free, long now) {
        session = free;
        reused = free.begin(request, now);
        free.cache().reserve(request.prompt().size());
        listener.read(reused, request.prompt().size(), reused);
    }

    boolean reading() {
        return session.cache().position() < request.prompt().size();
    }

    /** What the engine runs next for this request. */
    Job job() {
        return reading()
                ? Job.Chunk.next(session.cache(), request.prompt(), request.images())
                : new Job.Step(session.cache(), choices.getLast().token());
    }

    /**
     * Takes what a run gave.
     *
     * @param logits empty when the prompt is not read to its end yet
     */
    void ran(Optional<float[]> logits) {
        if (choices.isEmpty()) {
            listener.read(
                    Math.toIntExact(session.cache().position()),
                    request.prompt().size(),
                    reused);
        } else {
            session.add(choices.getLast().token());
        }
        if (logits.isEmpty()) {
            return;
        }
        var choice = sampler.choose(logits.get());
        choices.add(choice);
        if (request.limits().stopTokens().contains(choice.token())) {
            end(Ending.STOP_TOKEN);
            return;
        }
        listener.token(choice);
        if (choices.size() == request.limits().maxTokens()) {
            end(Ending.LENGTH);
        }
    }

    void end(Ending ending) {
        if (session != null) {
            session.settle();
        }
        done.complete(new Answer(List.copyOf(choices), ending, reused));
    }

    void fail(Throwable thrown) {
        if (session != null) {
            session.settle();
        }
        done.completeExceptionally(thrown);
    }
}
