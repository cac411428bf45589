package konsil.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
final class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everyChunkRunsOnce(int cores) {
        try (var workers = new Workers(cores)) {
            assertThat(workers.cores()).isEqualTo(cores);
            for (int chunks : new int[] {0, 1, 2, 3, 17, 1000}) {
                var runs = new AtomicIntegerArray(chunks);
                workers.run(chunks, runs::incrementAndGet);
                assertThat(IntStream.range(0, chunks).map(runs::get)).allMatch(count -> count == 1);
            }
        }
    }

    /** Two chunks that wait for each other can only end when two threads run them. */
    @Test
    void chunksRunAtTheSameTime() {
        try (var workers = new Workers(2)) {
            for (int i = 0; i < 50; i++) {
                var both = new CountDownLatch(2);
                workers.run(2, _ -> {
                    both.countDown();
                    await(both);
                });
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void whatChunksWroteIsSeenByTheCaller() {
        try (var workers = new Workers(2)) {
            var plain = new int[64];
            for (int round = 1; round <= 500; round++) {
                int value = round;
                workers.run(plain.length, chunk -> plain[chunk] = value);
                assertThat(plain).containsOnly(round);
            }
        }
    }

    @Test
    void aLoopInsideALoopRunsOnItsOwnThread() {
        try (var workers = new Workers(2)) {
            var inner = new AtomicInteger();
            workers.run(8, _ -> {
                var thread = Thread.currentThread();
                workers.run(5, _ -> {
                    assertThat(Thread.currentThread()).isSameAs(thread);
                    inner.incrementAndGet();
                });
            });
            assertThat(inner).hasValue(40);
        }
    }

    @Test
    void manyCallersShareAPool() throws InterruptedException {
        try (var workers = new Workers(2)) {
            var total = new AtomicInteger();
            var callers = IntStream.range(0, 4)
                    .mapToObj(_ -> Thread.ofPlatform().start(() -> {
                        for (int i = 0; i < 200; i++) {
                            var own = new AtomicInteger();
                            workers.run(7, _ -> own.incrementAndGet());
                            total.addAndGet(own.get());
                        }
                    }))
                    .toList();
            for (var caller : callers) {
                caller.join();
            }
            assertThat(total).hasValue(4 * 200 * 7);
        }
    }

    @Test
    void anInterruptIsKeptAndStopsNothing() {
        try (var workers = new Workers(2)) {
            var runs = new AtomicInteger();
            Thread.currentThread().interrupt();
            workers.run(100, _ -> runs.incrementAndGet());
            assertThat(Thread.interrupted()).isTrue();
            assertThat(runs).hasValue(100);
        }
    }

    @Test
    void aChunkThatThrowsEndsTheLoopAndNotThePool() {
        try (var workers = new Workers(2)) {
            for (int round = 0; round < 20; round++) {
                assertThatThrownBy(() -> workers.run(50, chunk -> {
                            if (chunk == 3) {
                                throw new SizeException("chunk 3");
                            }
                        }))
                        .isInstanceOf(SizeException.class)
                        .hasMessage("chunk 3");
                var runs = new AtomicInteger();
                workers.run(10, _ -> runs.incrementAndGet());
                assertThat(runs).hasValue(10);
            }
            assertThatThrownBy(() -> workers.run(4, _ -> {
                        throw new StackOverflowError("an error is an error");
                    }))
                    .isInstanceOf(StackOverflowError.class);
        }
    }

    @Test
    void onlyTheCallerAndThePoolsThreadsWork() {
        try (var workers = new Workers(3)) {
            var names = ConcurrentHashMap.<String>newKeySet();
            workers.run(300, _ -> names.add(Thread.currentThread().getName()));
            names.remove(Thread.currentThread().getName());
            assertThat(names).isSubsetOf("konsil-worker-1", "konsil-worker-2");
        }
    }

    @Test
    void aClosedPoolWorksOnTheCaller() {
        var workers = new Workers(2);
        workers.close();
        var caller = Thread.currentThread();
        var runs = new AtomicInteger();
        workers.run(9, _ -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            runs.incrementAndGet();
        });
        assertThat(runs).hasValue(9);
    }

    /** Parked threads are woken: long after the last loop, two chunks still run at the same time. */
    @Test
    void aPoolThatSleptWakesUp() {
        try (var workers = new Workers(2)) {
            workers.run(2, _ -> {});
            for (int i = 0; i < 20; i++) {
                java.util.concurrent.locks.LockSupport.parkNanos(200_000); // four times as long as the threads spin
                var both = new CountDownLatch(2);
                workers.run(2, _ -> {
                    both.countDown();
                    await(both);
                });
            }
        }
    }

    @Test
    void aPoolNeedsACore() {
        assertThatThrownBy(() -> new Workers(0)).isInstanceOf(SizeException.class);
    }
}
