package konsil.train.asr;

import java.io.IOException;
import java.util.SplittableRandom;
import konsil.medasr.LogMel;
import konsil.medasr.MedAsrConfig;
import konsil.train.asr.SpeechLearner.Heard;

/**
 * Turns clips into what the network is given, changed anew each time or as they are.
 *
 * @param sound how samples are changed
 * @param features what is blotted out of frames
 */
record Hearing(MedAsrConfig config, LogMel logMel, Augmentation sound, SpecAugment features) {
    /** The clip as it is. @throws IOException when the disk fails */
    Heard plain(Dictation clip) throws IOException {
        return new Heard(logMel.of(clip.sound().read()), clip.labels());
    }

    /**
     * The clip changed. One that would become too short for its text keeps its speed.
     *
     * @param seed of all that is drawn for it
     * @throws IOException when the disk fails
     */
    Heard changed(Dictation clip, long seed) throws IOException {
        var random = new SplittableRandom(seed);
        double speed = sound.drawSpeed(random);
        int samples = (int) (clip.samples() / speed);
        boolean fits =
                DictationMaker.frames(samples, config.encoder()) >= Math.max(1, Labels.framesNeeded(clip.labels()));
        float[] changed = sound.of(clip.sound().read(), fits ? speed : 1, random);
        float[] frames = logMel.of(changed);
        features.apply(frames, LogMel.BINS, random);
        return new Heard(frames, clip.labels());
    }
}
