package konsil.phantom.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import konsil.medgemma.inputs.ImagePrompts;
import konsil.media.PdfPages;
import konsil.media.PngWriter;
import konsil.media.Raster;
import konsil.tensor.file.Json;

/** Laboratory reports as questions with answers. */
public final class LabCases {
    private static final int PAGE = 1024;

    /** How a report is shown. */
    public enum Form {
        /** A whole report as text. */
        TEXT,
        /** A whole report as a PDF, and its page as a picture. */
        PDF,
        /** A page as it looks scanned: turned a little, unevenly lit, noisy. */
        SCAN,
        /** Two or three tests as text, with name, result, unit and range alone. */
        SMALL_TEXT,
        /** The same as a picture of 192 by 192 with large letters, scanned; for vision towers that see little. */
        SMALL_PICTURE
    }

    private LabCases() {}

    /** Writes {@link CaseLines#NAME} and the files it names; the same seed gives the same bytes. */
    public static void write(Path folder, int count, long seed, Form form) throws IOException {
        CaseLines.write(folder, count, index -> make(folder, seed, index, form));
    }

    /** One case: messages and truth; its files are written to a folder that is there. */
    public static Json.Obj make(Path folder, long seed, int index, Form form) throws IOException {
        var chance = new Chance(seed, "lab " + form, index);
        boolean small = form == Form.SMALL_TEXT || form == Form.SMALL_PICTURE;
        var report = small ? LabReport.small(chance, chance.between(2, 3)) : LabReport.made(chance);
        String name = "lab-%06d".formatted(index);
        return switch (form) {
            case TEXT, SMALL_TEXT -> {
                String text = String.join("\n", LabText.lines(report, chance));
                yield line(seed, index, form, report, List.of(JsonForm.words(ImagePrompts.LAB_REPORT + "\n\n" + text)));
            }
            case SMALL_PICTURE -> {
                var picture = Scan.lightly(LabPicture.small(report), chance);
                yield pictured(folder, name, picture, line(seed, index, form, report, shown(name)));
            }
            case PDF, SCAN -> {
                byte[] pdf = LabPage.pdf(LabText.lines(report, chance), seed + index);
                var page = PdfPages.decode(name, pdf, PAGE).getFirst();
                if (form == Form.PDF) Files.write(folder.resolve(name + ".pdf"), pdf);
                var picture = form == Form.PDF ? page : Scan.of(page, chance);
                yield pictured(folder, name, picture, line(seed, index, form, report, shown(name)));
            }
        };
    }

    private static List<Json> shown(String name) {
        return List.of(JsonForm.picture(name + ".png"), JsonForm.words(ImagePrompts.LAB_REPORT));
    }

    private static Json.Obj pictured(Path folder, String name, Raster picture, Json.Obj line) throws IOException {
        PngWriter.write(folder.resolve(name + ".png"), picture);
        return line;
    }

    private static Json.Obj line(long seed, int index, Form form, LabReport report, List<Json> asked) {
        return JsonForm.object(
                "kind",
                "lab",
                "form",
                form.name(),
                "seed",
                seed,
                "index",
                index,
                "messages",
                JsonForm.messages(asked, report.truth().write()),
                "truth",
                report.truth());
    }
}
