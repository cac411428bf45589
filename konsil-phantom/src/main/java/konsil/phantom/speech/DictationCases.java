package konsil.phantom.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import konsil.phantom.text.CaseLines;
import konsil.phantom.text.Chance;
import konsil.phantom.text.Dictation;
import konsil.phantom.text.JsonForm;
import konsil.tensor.file.Json;

/** Dictations as sound with their text. */
public final class DictationCases {
    /** What is said. */
    public enum Content {
        /** One to three sentences of a report. */
        SENTENCES,
        /** A whole report. */
        REPORT,
        /** A question about an image. */
        QUESTION
    }

    private DictationCases() {}

    /**
     * Writes {@link CaseLines#NAME}, with {@code audio}, {@code text} and {@code voice} in each line, and a WAV file of
     * 16 kHz for each. The same seed and the same synthesisers give the same bytes.
     *
     * @param seen by voices for training, or by those that are kept apart
     * @throws konsil.tensor.BadInputException if a synthesiser is not installed
     */
    public static void write(Path folder, int count, long seed, Content content, boolean seen) throws IOException {
        CaseLines.write(folder, count, index -> make(folder, seed, index, content, seen));
    }

    /** One case: its line; the sound is written to a folder that is there. */
    public static Json.Obj make(Path folder, long seed, int index, Content content, boolean seen) throws IOException {
        var chance = new Chance(seed, "dictation " + content + (seen ? "" : " unseen"), index);
        var dictation =
                switch (content) {
                    case SENTENCES -> Dictation.sentences(chance);
                    case REPORT -> Dictation.report(chance);
                    case QUESTION -> Dictation.question(chance);
                };
        var spoken = SpokenDictation.made(dictation, seen, chance);
        String name = "%s-%06d.wav".formatted(content == Content.QUESTION ? "question" : "dictation", index);
        Files.write(folder.resolve(name), WavWriter.bytes(spoken.sound()));
        return JsonForm.object(
                "audio",
                name,
                "text",
                dictation.text(),
                "voice",
                spoken.voice().title(),
                "seen",
                seen,
                "spoken",
                dictation.spoken(),
                "labels",
                dictation.labels(),
                "seed",
                seed,
                "index",
                index);
    }
}
