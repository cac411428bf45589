package konsil.phantom.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import konsil.tensor.file.Json;

/** Pathology reports as questions with answers. */
public final class PathologyCases {
    private PathologyCases() {}

    /** One case: messages, and the truth once more as data. */
    public static Json.Obj of(long seed, int index) {
        var report = PathologyReport.made(new Chance(seed, "pathology", index));
        var asked = JsonForm.words(PathologyReport.QUESTION + "\n\n" + report.text());
        return JsonForm.object(
                "kind",
                "pathology",
                "seed",
                seed,
                "index",
                index,
                "messages",
                JsonForm.messages(List.of(asked), report.truth().write()),
                "truth",
                report.truth());
    }

    /** Writes {@link CaseLines#NAME}; the same seed gives the same bytes. */
    public static void write(Path folder, int count, long seed) throws IOException {
        CaseLines.write(folder, count, index -> of(seed, index));
    }
}
