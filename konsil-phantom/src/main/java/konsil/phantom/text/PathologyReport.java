package konsil.phantom.text;

import java.util.List;
import konsil.tensor.file.Json;

/**
 * A made-up pathology report in free text, and what it says as data.
 *
 * @param truth site, procedure, histology, grade, size, stage, nodes, margins, receptors; what the report does not say
 *     is left out
 */
record PathologyReport(String text, Json truth) {
    /** No published question exists for these fields; the words are Konsil's. */
    static final String QUESTION = "You are a Clinical Data Extraction Specialist. From the given pathology report,"
            + " extract a JSON object with the fields site, procedure, histology, grade, size_mm, pT, pN,"
            + " nodes_positive, nodes_examined, margins, ER, PR, HER2. Leave out what the report does not state.";

    static PathologyReport made(Chance chance) {
        return switch (chance.between(0, 3)) {
            case 0 -> BreastCancer.made(chance).report(chance);
            case 1 -> ColonCancer.made(chance).report(chance);
            case 2 -> LungCancer.made(chance).report(chance);
            default -> ProstateCancer.made(chance).report(chance);
        };
    }

    /** Sentences in one of the ways reports are set: as a paragraph, or each on a line. */
    static String set(String title, List<String> sentences, Chance chance) {
        String between = chance.happens(0.5) ? "\n" : " ";
        return title + "\n" + String.join(between, sentences);
    }

    static String margins(boolean clear, Chance chance) {
        return clear
                ? chance.of("Margins are free of tumor.", "Resection margins negative.", "All margins uninvolved.")
                : chance.of("Tumor extends to the margin.", "Resection margin positive.", "Margin involved by tumor.");
    }

    static String nodes(int positive, int examined, Chance chance) {
        if (positive == 0) {
            return chance.of(
                    "%d lymph nodes examined, none with metastasis.".formatted(examined),
                    "Lymph nodes: 0 of %d positive.".formatted(examined));
        }
        return chance.of(
                "Metastases in %d of %d lymph nodes.".formatted(positive, examined),
                "Lymph nodes: %d of %d positive.".formatted(positive, examined));
    }

    static String marginsTruth(boolean clear) {
        return clear ? "negative" : "positive";
    }
}
