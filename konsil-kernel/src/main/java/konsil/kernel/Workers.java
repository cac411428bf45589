package konsil.kernel;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A fixed pool of threads for parallel loops. The calling thread works too, so a pool for n cores starts n - 1 threads.
 * Between loops the threads spin for 50 microseconds, because the next loop of a network usually follows at once, and
 * then park. Chunks are taken from a shared counter, so a thread that is held up by the system delays only its own.
 *
 * <p>Any number of callers may share a pool: their loops run one after the other. A loop inside a loop runs on the
 * thread that asks for it. Interrupting a caller neither stops its loop nor clears the interrupt.
 */
public final class Workers implements AutoCloseable {
    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    /** What is done for one chunk; chunks may run in any order and on any thread. */
    @FunctionalInterface
    public interface Task {
        void run(int chunk);
    }

    private final Worker[] threads;
    private final ReentrantLock oneLoop = new ReentrantLock();
    private volatile Loop current = Loop.none();
    private volatile boolean closed;

    /** @param cores threads that compute, the caller's included; at least 1 */
    public Workers(int cores) {
        if (cores < 1) {
            throw new SizeException("workers: want at least 1 core, got " + cores);
        }
        threads = new Worker[cores - 1];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Worker(this, i + 1);
            threads[i].start();
        }
    }

    /** A pool with one thread for each processor that the JVM may use. */
    public static Workers forThisMachine() {
        return new Workers(Runtime.getRuntime().availableProcessors());
    }

    /** Threads that compute, the caller's included. */
    public int cores() {
        return threads.length + 1;
    }

    /**
     * Runs {@code task} for chunk 0 to {@code chunks - 1} and returns when all are done. If one throws, chunks not yet
     * begun are left out and the first throwable is thrown here.
     */
    public void run(int chunks, Task task) {
        boolean nested = Thread.currentThread() instanceof Worker || oneLoop.isHeldByCurrentThread();
        if (chunks <= 1 || threads.length == 0 || nested || closed) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                task.run(chunk);
            }
            return;
        }
        oneLoop.lock();
        try {
            var loop = new Loop(chunks, task);
            current = loop;
            for (var thread : threads) {
                thread.wake();
            }
            loop.work();
            loop.await();
        } finally {
            current = Loop.none();
            oneLoop.unlock();
        }
    }

    /** Ends the threads; loops asked for later run on their caller's thread. */
    @Override
    public void close() {
        closed = true;
        for (var thread : threads) {
            LockSupport.unpark(thread);
        }
    }

    /** One parallel loop: its counter hands out chunks, and it is over when as many are accounted for as there are. */
    private static final class Loop {
        private final int chunks;
        private final Task task;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger settled = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Loop(int chunks, Task task) {
            this.chunks = chunks;
            this.task = task;
        }

        static Loop none() {
            return new Loop(0, _ -> {});
        }

        boolean open() {
            return next.get() < chunks;
        }

        void work() {
            for (int chunk = next.getAndIncrement(); chunk < chunks; chunk = next.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        task.run(chunk);
                    }
                } catch (Throwable thrown) {
                    failure.compareAndSet(null, thrown);
                } finally {
                    settled.incrementAndGet();
                }
            }
        }

        void await() {
            long start = System.nanoTime();
            while (settled.get() < chunks) {
                if (System.nanoTime() - start < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield(); // whoever has the last chunk may be waiting for this very core
                }
            }
            switch (failure.get()) {
                case null -> {}
                case RuntimeException thrown -> throw thrown;
                case Error thrown -> throw thrown;
                case Throwable thrown -> throw new IllegalStateException(thrown);
            }
        }
    }

    private static final class Worker extends Thread {
        private final Workers pool;
        private volatile boolean parked;

        Worker(Workers pool, int number) {
            super("konsil-worker-" + number);
            this.pool = pool;
            setDaemon(true);
        }

        void wake() {
            if (parked) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            long idleSince = System.nanoTime();
            while (!pool.closed) {
                if (pool.current.open()) {
                    pool.current.work();
                    idleSince = System.nanoTime();
                } else if (System.nanoTime() - idleSince < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    sleep();
                    idleSince = System.nanoTime();
                }
            }
        }

        /** The flag is raised before the last look, so a loop published in between is either seen or wakes us. */
        private void sleep() {
            parked = true;
            if (!pool.current.open() && !pool.closed) {
                LockSupport.park(pool);
            }
            parked = false;
            interrupted(); // an interrupt is meant for callers; left set it would turn parking into spinning
        }
    }
}
