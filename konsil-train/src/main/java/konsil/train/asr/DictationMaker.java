package konsil.train.asr;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import konsil.kernel.Workers;
import konsil.medasr.EncoderConfig;
import konsil.medasr.LogMel;
import konsil.media.BadMediaException;
import konsil.media.audio.AudioFile;
import konsil.media.audio.AudioLimits;
import konsil.media.audio.Resampler;
import konsil.tensor.BadInputException;
import konsil.train.data.Problems;

/**
 * Makes clips for training of recordings: every sound is read and every text turned into tokens before anything is
 * learnt, so that all that is wrong is known at once.
 *
 * @param longest seconds of a clip
 */
public record DictationMaker(Labels labels, double longest) {
    private static final AudioLimits LIMITS = AudioLimits.usual();

    /** @throws BadInputException when the seconds are none */
    public DictationMaker {
        if (!(longest > 0 && longest <= 600)) {
            throw new BadInputException("longest clip: want more than 0 and at most 600 s, got " + longest);
        }
    }

    /**
     * All clips, in order.
     *
     * @param file the data, for errors
     * @param workers read side by side
     * @param progress told how many are done
     * @throws BadInputException that lists every line that cannot be used
     */
    public List<Dictation> make(Path file, List<Recording> recordings, Workers workers, IntConsumer progress) {
        var problems = new Problems(file);
        var made = new ConcurrentHashMap<Integer, Dictation>();
        var done = new AtomicInteger();
        workers.run(recordings.size(), i -> {
            var recording = recordings.get(i);
            try {
                made.put(i, dictation(recording));
            } catch (BadInputException | BadMediaException e) {
                problems.add(recording.line(), e.getMessage());
            } catch (IOException e) {
                problems.add(recording.line(), "the disk failed: " + e.getMessage());
            }
            progress.accept(done.incrementAndGet());
        });
        problems.report();
        var inOrder = new ArrayList<Dictation>();
        for (int i = 0; i < recordings.size(); i++) {
            inOrder.add(made.get(i));
        }
        return inOrder;
    }

    private Dictation dictation(Recording recording) throws IOException {
        int[] ids = labels.of(recording.text());
        int samples = samples(recording.audio()).length;
        if (samples > longest * LogMel.RATE) {
            throw new BadInputException(
                    "the clip has %.1f s, want at most %.1f".formatted((double) samples / LogMel.RATE, longest));
        }
        int frames = frames(samples, labels.config().encoder());
        int needed = Math.max(1, Labels.framesNeeded(ids));
        if (frames < needed) {
            throw new BadInputException(
                    "the clip has %d frames of 40 ms, its text of %d tokens needs %d; is it the text of another clip?"
                            .formatted(frames, ids.length, needed));
        }
        return new Dictation(() -> samples(recording.audio()), samples, ids, recording.text());
    }

    /** Frames of the network's output. */
    static int frames(int samples, EncoderConfig config) {
        return config.subsampling().frames(LogMel.frames(samples));
    }

    private static float[] samples(Path audio) throws IOException {
        float[] samples =
                Resampler.resample(AudioFile.read(audio, LIMITS), LogMel.RATE).samples();
        for (float sample : samples) {
            if (!Float.isFinite(sample)) {
                throw new BadMediaException(String.valueOf(audio.getFileName()), "a sample is no finite number");
            }
        }
        return samples.clone();
    }
}
