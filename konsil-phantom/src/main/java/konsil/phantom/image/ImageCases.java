package konsil.phantom.image;

import java.io.IOException;
import java.nio.file.Path;
import konsil.phantom.text.CaseLines;
import konsil.phantom.text.Chance;
import konsil.phantom.text.JsonForm;
import konsil.tensor.file.Json;

/** Made-up images as files with their questions. */
public final class ImageCases {
    /** Makes a case in memory. */
    public interface Maker {
        /** The same seed and index give the same case. */
        ImageCase make(long seed, int index);
    }

    private ImageCases() {}

    /** A line for one case whose pictures are written as PNG, with one question. */
    public static Json.Obj small(Path folder, long seed, int index, Maker maker) throws IOException {
        var made = maker.make(seed, index);
        String name = "%s-%06d".formatted(made.kind(), index);
        var files = made.write(folder, name);
        var question = made.chosen(new Chance(seed, "question", index));
        return JsonForm.object(
                "kind",
                made.kind(),
                "form",
                "SMALL",
                "seed",
                seed,
                "index",
                index,
                "files",
                files,
                "truth",
                made.truth(),
                "about",
                question.about(),
                "messages",
                JsonForm.messages(made.asked(files, question), question.answer()));
    }

    /** Writes {@link CaseLines#NAME} and the pictures; the same seed gives the same bytes. */
    public static void writeSmall(Path folder, int count, long seed, Maker maker) throws IOException {
        CaseLines.write(folder, count, index -> small(folder, seed, index, maker));
    }
}
