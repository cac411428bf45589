package konsil.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a study is, for people. */
final class StudyText {
    private static final int MOST = 20;

    private StudyText() {}

    static void print(StudyFacts facts, int files, PrintStream out) {
        out.println("%d files read as DICOM, %d parts to show, %d refused"
                .formatted(files, facts.parts().size(), facts.refused().size()));
        for (var part : facts.parts()) {
            part(part, out);
        }
        facts.refused().stream()
                .limit(MOST)
                .forEach(part -> out.println("refused  %s: %s".formatted(part.get("what"), part.get("reason"))));
        if (facts.refused().size() > MOST) {
            out.println("refused  and %d more; --json names all"
                    .formatted(facts.refused().size() - MOST));
        }
        if (files > 0) {
            identifying(facts.identifying(), out);
        }
    }

    private static void part(Map<String, Object> part, PrintStream out) {
        out.println("%s  %s".formatted(part.get("number"), part.get("what")));
        line(out, "series", part.get("series"));
        if (part.get("voxels") instanceof List<?> voxels && part.get("spacing_mm") instanceof List<?> spacing) {
            out.println(String.format(
                    Locale.ROOT,
                    "   geometry  %s x %s x %s voxels of %.3f x %.3f x %.3f mm, axes to %s, oblique %.1f degrees",
                    voxels.get(0),
                    voxels.get(1),
                    voxels.get(2),
                    number(spacing.get(0)),
                    number(spacing.get(1)),
                    number(spacing.get(2)),
                    part.get("axes_to"),
                    number(part.get("oblique_degrees"))));
        }
        if (part.containsKey("mean")) {
            out.println(String.format(
                    Locale.ROOT,
                    "   values    %.6g to %.6g, mean %.6g, %s",
                    number(part.get("min")),
                    number(part.get("max")),
                    number(part.get("mean")),
                    part.get("unit")));
        }
        line(out, "levels", part.get("levels"));
        line(out, "um/pixel", part.get("micrometres_per_pixel"));
        if (part.get("problems") instanceof List<?> problems) {
            problems.forEach(problem -> line(out, "note", problem));
        }
        if (part.containsKey("shown_pictures")) {
            line(
                    out,
                    "shown",
                    "%s pictures, %s tokens".formatted(part.get("shown_pictures"), part.get("shown_tokens")));
        }
    }

    private static double number(Object value) {
        return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static void line(PrintStream out, String name, Object value) {
        if (value != null && !value.equals("")) {
            out.println("   %-9s %s".formatted(name, value));
        }
    }

    private static void identifying(Map<String, Object> facts, PrintStream out) {
        if (facts.get("tags") instanceof Map<?, ?> tags) {
            out.println("identifying  %d elements, %s of manufacturers%s"
                    .formatted(tags.size(), facts.get("private_elements"), tags.isEmpty() ? "" : ":"));
            tags.forEach((tag, count) -> out.println("   %s in %s files".formatted(tag, count)));
        }
        if (facts.get("pixel_risks") instanceof Map<?, ?> risks) {
            risks.forEach((risk, count) -> out.println("   pixels: %s (%s files)".formatted(risk, count)));
        }
    }
}
