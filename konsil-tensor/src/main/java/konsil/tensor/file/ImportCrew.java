package konsil.tensor.file;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A few threads that do a list of tasks in order; the first failure stops the others and is thrown as it was. */
final class ImportCrew implements AutoCloseable {
    private final ExecutorService threads;
    private final Runnable cancel;
    private boolean finished;

    /** @param cancel makes tasks that are under way end soon */
    ImportCrew(int threads, Runnable cancel) {
        this.threads = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("import-", 0).factory());
        this.cancel = cancel;
    }

    void run(List<Callable<Void>> tasks) throws IOException {
        var results = new ExecutorCompletionService<Void>(threads);
        tasks.forEach(results::submit);
        try {
            for (int i = 0; i < tasks.size(); i++) {
                results.take().get();
            }
            finished = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the import was interrupted");
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        }
    }

    private static IOException unwrapped(Throwable cause) {
        return switch (cause) {
            case IOException io -> io;
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> new IOException(cause);
        };
    }

    /** Returns when no task runs any more, so that nobody writes to a file that is gone. */
    @Override
    public void close() {
        if (!finished) {
            cancel.run();
        }
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("an import task does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
