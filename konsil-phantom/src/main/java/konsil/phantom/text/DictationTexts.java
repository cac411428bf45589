package konsil.phantom.text;

import java.io.IOException;
import java.nio.file.Path;
import konsil.tensor.file.Json;

/** Dictations as text alone. */
public final class DictationTexts {
    private DictationTexts() {}

    /** One whole dictated report: text as MedASR writes it, what is said, labels. */
    public static Json.Obj of(long seed, int index) {
        var dictation = Dictation.report(new Chance(seed, "report", index));
        return JsonForm.object(
                "kind",
                "report",
                "seed",
                seed,
                "index",
                index,
                "text",
                dictation.text(),
                "spoken",
                dictation.spoken(),
                "labels",
                dictation.labels());
    }

    /** Writes {@link CaseLines#NAME}; the same seed gives the same bytes. */
    public static void write(Path folder, int count, long seed) throws IOException {
        CaseLines.write(folder, count, index -> of(seed, index));
    }
}
