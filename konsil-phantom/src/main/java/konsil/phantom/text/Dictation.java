package konsil.phantom.text;

import java.util.ArrayList;
import java.util.List;
import konsil.tensor.file.Json;

/**
 * A made-up dictation.
 *
 * @param text as MedASR writes it: commands in braces, headings in brackets, measures in words, ages in digits
 * @param labels exam and finding, with side, place and size where it has them, named as the image kinds name them
 */
public record Dictation(String text, Json labels) {
    /** What is said, in words alone. */
    public String spoken() {
        return SpokenForm.of(text);
    }

    /** A whole dictated report: exam, indication, findings, impression. */
    public static Dictation report(Chance chance) {
        var exam = chance.of(Exam.ALL);
        var finding = Finding.made(exam, chance);
        var parts = new ArrayList<String>();
        parts.add("[EXAM TYPE] " + exam.title() + " {period}");
        parts.add("[INDICATION] " + indication(exam, chance) + " {period}");
        parts.add("{new paragraph} [FINDINGS]" + (chance.happens(0.3) ? " {colon}" : ""));
        parts.add(finding.sentence(chance) + " {period}");
        for (String normal : chance.some(exam.normals(), chance.between(1, 2))) parts.add(normal + " {period}");
        parts.add("{new paragraph} [IMPRESSION]" + (chance.happens(0.3) ? " {colon}" : ""));
        parts.add(finding.impression(chance) + " {period}");
        return new Dictation(String.join(" ", parts), finding.labels());
    }

    /** One to three sentences of a report: what a small recogniser learns from. */
    public static Dictation sentences(Chance chance) {
        var exam = chance.of(Exam.ALL);
        var finding = Finding.made(exam, chance);
        var choices = new ArrayList<String>();
        choices.add((chance.happens(0.3) ? "[FINDINGS] " : "") + finding.sentence(chance) + " {period}");
        if (chance.happens(0.5)) choices.add(chance.of(exam.normals()) + " {period}");
        if (chance.happens(0.3)) choices.addFirst("[EXAM TYPE] " + exam.title() + " {period}");
        if (chance.happens(0.3)) {
            String start = chance.of("{new paragraph} ", "{next line} ", "") + "[IMPRESSION] ";
            choices.add(start + finding.impression(chance) + " {period}");
        }
        if (chance.happens(0.2)) choices.add("[INDICATION] " + indication(exam, chance) + " {period}");
        return new Dictation(String.join(" ", choices), finding.labels());
    }

    private static String indication(Exam exam, Chance chance) {
        String who = "%d-year-old %s".formatted(chance.between(20, 90), chance.of("male", "female"));
        return who + " " + chance.of("with ", "{comma} ") + chance.of(exam.reasons());
    }

    /** A question about an image, for a demonstration. */
    public static Dictation question(Chance chance) {
        String organ = chance.of(List.of("lung nodule", "pleural effusion", "liver lesion", "head bleed"));
        String text =
                switch (organ) {
                    case "head bleed" ->
                        chance.of("Is there a bleed in the head", "Is there any bleeding {comma} and where");
                    default -> chance.of("Is there a " + organ, "Is there a " + organ + " {comma} and on which side");
                };
        return new Dictation(text + " {question mark}", JsonForm.object("asked", organ));
    }
}
