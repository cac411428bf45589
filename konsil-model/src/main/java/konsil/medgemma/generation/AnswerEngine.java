package konsil.medgemma.generation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import konsil.medgemma.MedGemma;
import konsil.medgemma.Runner;
import konsil.tensor.BadInputException;

/**
 * Answers requests with one model: several at once, each step of all of them in one pass over the weights, requests
 * that come later joining in between (continuous batching, Orca, OSDI 2022). Prompts are read in chunks, one chunk a
 * pass, in turn, so that a long prompt does not hold up answers that are being given. What was read stays in sessions,
 * and a request that begins as an earlier one did reuses it.
 */
public final class AnswerEngine implements AutoCloseable {
    private final MedGemma model;
    private final EngineSettings settings;
    private final Runner runner;
    private final Thread thread;
    private final List<Session> sessions = new ArrayList<>();
    private final List<Answering> active = new ArrayList<>();
    private final ArrayDeque<Answering> waiting = new ArrayDeque<>();
    private boolean closed;
    private int turn;
    private long clock;

    /** @param model stays open as long as this */
    public AnswerEngine(MedGemma model, EngineSettings settings) {
        this.model = model;
        this.settings = settings;
        runner = new Runner(model, settings.memoryLimit());
        thread = Thread.ofPlatform().name("konsil-engine").daemon(true).start(this::serve);
    }

    /** An answer to come. */
    public record Ticket(CompletableFuture<Answer> answer, Runnable cancel) {}

    /**
     * Takes a request.
     *
     * @throws BusyException when too many wait already
     * @throws BadInputException when the prompt is longer than the engine's context
     */
    public Ticket submit(GenerationRequest request, GenerationListener listener) {
        int size = request.prompt().size();
        if (size + 1L > settings.maxPositions()) {
            throw new BadInputException(
                    "the prompt has %d tokens, the context holds %d with at least one of the answer. Use fewer images, "
                                    .formatted(size, settings.maxPositions())
                            + "a shorter text, or a larger context.");
        }
        var answering = new Answering(request, listener);
        synchronized (waiting) {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            if (waiting.size() > settings.queued()) {
                throw new BusyException(waiting.size());
            }
            waiting.add(answering);
            waiting.notifyAll();
        }
        return new Ticket(answering.done(), answering::cancel);
    }

    /** Bytes of keys and values that the sessions have taken. */
    public long cacheBytes() {
        synchronized (waiting) {
            return sessions.stream()
                    .mapToLong(session -> session.cache().byteSize())
                    .sum();
        }
    }

    private void serve() {
        while (admit()) {
            try {
                pass();
            } catch (RuntimeException | Error thrown) {
                active.forEach(answering -> answering.fail(thrown));
                active.clear();
            }
        }
    }

    /** Waits until there is something to do and gives waiting requests free sessions; false when closed. */
    private boolean admit() {
        synchronized (waiting) {
            while (!closed && active.isEmpty() && waiting.isEmpty()) {
                try {
                    waiting.wait();
                } catch (InterruptedException _) {
                    closed = true; // nobody but close() has a reason to interrupt this thread
                }
            }
            while (!closed && !waiting.isEmpty()) {
                var next = waiting.element();
                var session = next.cancelled() ? Optional.<Session>empty() : session(next.request());
                if (session.isEmpty() && !next.cancelled()) {
                    break;
                }
                waiting.remove();
                start(next, session);
            }
            return !closed;
        }
    }

    private void start(Answering next, Optional<Session> session) {
        if (session.isEmpty()) {
            next.end(Ending.CANCELLED);
            return;
        }
        try {
            next.begin(session.get(), clock++);
            active.add(next);
        } catch (RuntimeException | Error thrown) {
            next.fail(thrown);
        }
    }

    /** The free session that shares most with a request; a fresh one when none shares anything and there is room. */
    private Optional<Session> session(GenerationRequest request) {
        var busy = active.stream().map(Answering::session).toList();
        var best = sessions.stream()
                .filter(session -> !busy.contains(session))
                .max(Comparator.<Session>comparingInt(session -> session.shared(request))
                        .thenComparing(
                                Comparator.comparingLong(Session::lastUsed).reversed()));
        boolean room = sessions.size() < settings.sessions();
        if (room && best.filter(session -> session.shared(request) > 0).isEmpty()) {
            sessions.add(new Session(
                    model.config(), model.cache(settings.maxPositions(), settings.maxChunk(), settings.back())));
            return Optional.of(sessions.getLast());
        }
        return best;
    }

    /** One pass over the weights: a step of every answer, and a chunk of one prompt. */
    private void pass() {
        active.stream().filter(Answering::cancelled).forEach(answering -> answering.end(Ending.CANCELLED));
        active.removeIf(answering -> answering.done().isDone());
        var running = new ArrayList<>(
                active.stream().filter(answering -> !answering.reading()).toList());
        var reading = active.stream().filter(Answering::reading).toList();
        if (!reading.isEmpty()) {
            running.add(reading.get(turn++ % reading.size()));
        }
        if (running.isEmpty()) {
            return;
        }
        var logits = runner.run(running.stream().map(Answering::job).toList());
        for (int i = 0; i < running.size(); i++) {
            ran(running.get(i), logits.get(i));
        }
        active.removeIf(answering -> answering.done().isDone());
    }

    /** A listener that throws ends its own answer and no other. */
    private static void ran(Answering answering, Optional<float[]> logits) {
        try {
            answering.ran(logits);
        } catch (RuntimeException | Error thrown) {
            answering.fail(thrown);
        }
    }

    /** Ends what is under way as cancelled and gives the sessions' memory back. */
    @Override
    public void close() {
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        waiting.forEach(answering -> answering.end(Ending.CANCELLED));
        active.forEach(answering -> answering.end(Ending.CANCELLED));
        sessions.forEach(Session::close);
        runner.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
