package konsil.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C while something runs: it is told to stop, and the process ends only when it has, or after half a minute. */
public final class Interruption implements AutoCloseable {
    private static final long SECONDS = 30;

    private final Runnable stop;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean asked;

    /** @param stop called on another thread, at most once */
    public Interruption(Runnable stop) {
        this.stop = stop;
        hook = new Thread(this::interrupted, "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the process is to end. */
    public boolean asked() {
        return asked;
    }

    private void interrupted() {
        asked = true;
        stop.run();
        try {
            if (!ended.await(SECONDS, TimeUnit.SECONDS)) {
                System.err.println("konsil: what runs does not stop; an unfinished file NAME.part may be left");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** It has ended, one way or the other. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the process is ending already, and the hook has seen that the work is over
        }
    }
}
