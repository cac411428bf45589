package konsil.phantom.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        return line(made, seed, index, "SMALL", made.shown(files), files);
    }

    /** @param shown what stands before the question @param files names, relative to the folder */
    static Json.Obj line(ImageCase made, long seed, int index, String form, List<Json> shown, List<String> files) {
        var question = made.chosen(new Chance(seed, "question", index));
        var asked = new ArrayList<>(shown);
        asked.add(JsonForm.words(question.text()));
        return JsonForm.object(
                "kind",
                made.kind(),
                "form",
                form,
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
                JsonForm.messages(asked, question.answer()));
    }

    /** Writes {@link CaseLines#NAME} and the pictures; the same seed gives the same bytes. */
    public static void writeSmall(Path folder, int count, long seed, Maker maker) throws IOException {
        CaseLines.write(folder, count, index -> small(folder, seed, index, maker));
    }
}
