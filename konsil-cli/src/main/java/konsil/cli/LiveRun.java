package konsil.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import konsil.clinic.LiveSettings;
import konsil.clinic.LiveTranscriber;
import konsil.clinic.Transcriber;
import konsil.clinic.Vocabulary;
import konsil.media.audio.Resampler;
import konsil.tensor.BadInputException;

/**
 * Writes down what comes from a microphone. One thread reads, so that nothing is missed while the network runs; the
 * other takes all that has come meanwhile. Up to ten seconds wait; then the recorder has to.
 */
record LiveRun(Transcriber transcriber, Vocabulary vocabulary, LiveText text, Interruption interruption) {
    private static final int BLOCK_BYTES = 3200;
    private static final int MOST_WAITING = 100;
    private static final int LOWEST_RATE = 4000;
    private static final int HIGHEST_RATE = 192_000;
    private static final float[] END = {};

    /** Until the sound or the patience ends. @param rate samples a second */
    Exit run(InputStream in, int rate) throws IOException {
        if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
            throw new BadInputException("--rate: want %d to %d Hz, got %d".formatted(LOWEST_RATE, HIGHEST_RATE, rate));
        }
        var waiting = new ArrayBlockingQueue<float[]>(MOST_WAITING);
        var reader = new Reader(in, rate, waiting, new ArrayList<>());
        Thread.ofPlatform().daemon().name("microphone").start(reader);
        var paused = new AtomicBoolean();
        if (text instanceof LiveText.Screen) {
            Thread.ofPlatform().daemon().name("keys").start(() -> watchKeys(paused));
        }
        try (var live = new LiveTranscriber(transcriber, vocabulary, LiveSettings.DEFAULT, text)) {
            listen(live, waiting, paused);
        }
        text.end();
        synchronized (reader.failed()) {
            if (!reader.failed().isEmpty()) {
                throw reader.failed().getFirst();
            }
        }
        return interruption.asked() ? Exit.INTERRUPTED : Exit.OK;
    }

    private void listen(LiveTranscriber live, BlockingQueue<float[]> waiting, AtomicBoolean paused) {
        boolean ended = false;
        while (!ended && !interruption.asked()) {
            var blocks = next(waiting);
            ended = blocks.contains(END);
            if (paused.get() != live.paused()) {
                if (paused.get()) {
                    live.pause();
                } else {
                    live.resume();
                }
            }
            if (!blocks.isEmpty()) {
                live.push(joined(blocks));
            }
        }
        live.finish();
    }

    /** All that waits; nothing after a tenth of a second without any. */
    private static List<float[]> next(BlockingQueue<float[]> waiting) {
        var blocks = new ArrayList<float[]>();
        try {
            var first = waiting.poll(100, TimeUnit.MILLISECONDS);
            if (first != null) {
                blocks.add(first);
                waiting.drainTo(blocks);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            blocks.add(END);
        }
        return blocks;
    }

    private static float[] joined(List<float[]> blocks) {
        int count = blocks.stream().mapToInt(block -> block.length).sum();
        float[] all = new float[count];
        int at = 0;
        for (float[] block : blocks) {
            System.arraycopy(block, 0, all, at, block.length);
            at += block.length;
        }
        return all;
    }

    /** Enter pauses and resumes; standard input is the microphone, so keys come from the terminal itself. */
    private static void watchKeys(AtomicBoolean paused) {
        try (var lines = Files.newBufferedReader(Path.of("/dev/tty"))) {
            while (lines.readLine() != null) {
                paused.set(!paused.get());
            }
        } catch (IOException _) {
            // no terminal of this kind: there is no pausing, and all else works
        }
    }

    /** Samples from a stream of bytes to the queue, at the rate of the network. */
    private record Reader(InputStream in, int rate, BlockingQueue<float[]> waiting, List<IOException> failed)
            implements Runnable {
        @Override
        public void run() {
            try {
                read();
            } catch (IOException e) {
                synchronized (failed) {
                    failed.add(e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                end();
            }
        }

        private void read() throws IOException, InterruptedException {
            var resampler = new Resampler(rate, Transcriber.RATE);
            byte[] bytes = new byte[BLOCK_BYTES];
            int held = 0;
            for (int n = in.read(bytes, held, bytes.length - held); n >= 0; ) {
                held += n;
                float[] samples = samples(bytes, held / 2);
                put(rate == Transcriber.RATE ? samples : resampler.push(samples, 0, samples.length));
                bytes[0] = bytes[Math.max(0, held - 1)];
                held %= 2;
                n = in.read(bytes, held, bytes.length - held);
            }
            if (rate != Transcriber.RATE) {
                put(resampler.finish());
            }
        }

        private void put(float[] samples) throws InterruptedException {
            if (samples.length > 0) {
                waiting.put(samples);
            }
        }

        private static float[] samples(byte[] bytes, int count) {
            float[] samples = new float[count];
            for (int i = 0; i < count; i++) {
                samples[i] = (short) (bytes[2 * i] & 0xFF | bytes[2 * i + 1] << 8) / 32_768f;
            }
            return samples;
        }

        private void end() {
            try {
                waiting.put(END);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
