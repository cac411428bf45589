package konsil.phantom.text;

import java.util.ArrayList;

/**
 * Prostate cancer: Gleason patterns give the grade group (ISUP 2014), the extent gives pT (UICC, 8th edition), any
 * positive node is pN1.
 */
record ProstateCancer(int first, int second, String pT, int positive, int examined, boolean clear) {
    static ProstateCancer made(Chance chance) {
        int positive = chance.happens(0.75) ? 0 : chance.between(1, 4);
        return new ProstateCancer(
                chance.between(3, 5),
                chance.between(3, 5),
                chance.of("pT2", "pT3a", "pT3b"),
                positive,
                chance.between(6, 20),
                chance.happens(0.7));
    }

    int gradeGroup() {
        int sum = first + second;
        if (sum <= 6) return 1;
        if (sum == 7) return first == 3 ? 2 : 3;
        return sum == 8 ? 4 : 5;
    }

    String pN() {
        return positive == 0 ? "pN0" : "pN1";
    }

    PathologyReport report(Chance chance) {
        var sentences = new ArrayList<String>();
        String score = "%d+%d=%d".formatted(first, second, first + second);
        sentences.add(chance.of(
                "Acinar adenocarcinoma, Gleason score %s (grade group %d).".formatted(score, gradeGroup()),
                "Acinar adenocarcinoma. Gleason %s, ISUP grade group %d.".formatted(score, gradeGroup())));
        sentences.add(
                switch (pT) {
                    case "pT2" -> "The tumor is confined to the prostate.";
                    case "pT3a" -> "There is extraprostatic extension.";
                    default -> "The tumor invades the seminal vesicles.";
                });
        sentences.add(PathologyReport.nodes(positive, examined, chance));
        sentences.add(PathologyReport.margins(clear, chance));
        sentences.add("Stage: %s %s.".formatted(pT, pN()));
        return new PathologyReport(
                PathologyReport.set("Prostate, radical prostatectomy:", sentences, chance),
                JsonForm.object(
                        "site",
                        "prostate",
                        "procedure",
                        "radical prostatectomy",
                        "histology",
                        "acinar adenocarcinoma",
                        "grade",
                        "grade group " + gradeGroup(),
                        "pT",
                        pT,
                        "pN",
                        pN(),
                        "nodes_positive",
                        positive,
                        "nodes_examined",
                        examined,
                        "margins",
                        PathologyReport.marginsTruth(clear)));
    }
}
