package konsil.media.dicomweb;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The body of an answer that is given up when nothing comes for a while; the JDK only watches the head. */
final class WatchedBody extends FilterInputStream {
    private static final int LOOKS = 4;

    private final long patience;
    private final ScheduledFuture<?> watch;
    private volatile long waitingSince;
    private volatile boolean waiting;
    private volatile boolean givenUp;

    WatchedBody(InputStream in, Duration patience, ScheduledExecutorService clock) {
        super(in);
        this.patience = patience.toNanos();
        long pause = Math.max(1, this.patience / LOOKS);
        watch = clock.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.NANOSECONDS);
    }

    private void look() {
        if (waiting && System.nanoTime() - waitingSince > patience) {
            givenUp = true;
            watch.cancel(false);
            try {
                in.close();
            } catch (IOException _) {
                // whoever reads learns that nothing came
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        waitingSince = System.nanoTime();
        waiting = true;
        int count;
        try {
            count = in.read(to, offset, length);
        } catch (IOException e) {
            throw givenUp ? new HttpTimeoutException("nothing came") : e;
        } finally {
            waiting = false;
        }
        if (givenUp) {
            throw new HttpTimeoutException("nothing came");
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        watch.cancel(false);
        in.close();
    }
}
