package konsil.phantom.text;

import java.util.ArrayList;
import java.util.List;

/** Colon cancer, staged by the TNM classification (UICC, 8th edition): depth gives pT, positive nodes give pN. */
record ColonCancer(String grade, int depth, int size, int positive, int examined, boolean clear) {
    private static final List<String> DEPTHS = List.of(
            "invades the submucosa",
            "invades the muscularis propria",
            "invades through the muscularis propria into the subserosa",
            "perforates the visceral peritoneum");
    private static final List<String> STAGES = List.of("pT1", "pT2", "pT3", "pT4a");

    static ColonCancer made(Chance chance) {
        int examined = chance.between(12, 30);
        return new ColonCancer(
                chance.of("low", "high"),
                chance.between(0, 3),
                chance.between(10, 90),
                chance.happens(0.5) ? 0 : chance.between(1, 10),
                examined,
                chance.happens(0.85));
    }

    String pT() {
        return STAGES.get(depth);
    }

    String pN() {
        if (positive == 0) return "pN0";
        if (positive == 1) return "pN1a";
        if (positive <= 3) return "pN1b";
        return positive <= 6 ? "pN2a" : "pN2b";
    }

    PathologyReport report(Chance chance) {
        String site = chance.of("cecum", "ascending colon", "descending colon", "sigmoid colon");
        String procedure = chance.of("hemicolectomy", "segmental resection");
        var sentences = new ArrayList<String>();
        sentences.add(chance.of(
                "Adenocarcinoma, %s grade.".formatted(grade), "There is a %s grade adenocarcinoma.".formatted(grade)));
        sentences.add("It " + DEPTHS.get(depth) + ".");
        sentences.add(Phrase.size(size, chance));
        sentences.add(PathologyReport.nodes(positive, examined, chance));
        sentences.add(PathologyReport.margins(clear, chance));
        sentences.add("Stage: %s %s.".formatted(pT(), pN()));
        String title = "%s, %s:".formatted(Phrase.capital(site), procedure);
        return new PathologyReport(
                PathologyReport.set(title, sentences, chance),
                JsonForm.object(
                        "site", site,
                        "procedure", procedure,
                        "histology", "adenocarcinoma",
                        "grade", grade,
                        "size_mm", size,
                        "pT", pT(),
                        "pN", pN(),
                        "nodes_positive", positive,
                        "nodes_examined", examined,
                        "margins", PathologyReport.marginsTruth(clear)));
    }
}
