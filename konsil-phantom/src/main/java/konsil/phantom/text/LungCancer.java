package konsil.phantom.text;

import java.util.ArrayList;

/** Lung cancer, staged by the TNM classification (UICC, 8th edition): size gives pT, the place of nodes gives pN. */
record LungCancer(String histology, int grade, int size, int place, int positive, int examined, boolean clear) {
    static LungCancer made(Chance chance) {
        int place = chance.happens(0.5) ? 0 : chance.between(1, 2);
        return new LungCancer(
                chance.of("adenocarcinoma", "squamous cell carcinoma", "large cell carcinoma"),
                chance.between(1, 3),
                chance.between(6, 85),
                place,
                place == 0 ? 0 : chance.between(1, 6),
                chance.between(8, 20),
                chance.happens(0.85));
    }

    String pT() {
        if (size <= 10) return "pT1a";
        if (size <= 20) return "pT1b";
        if (size <= 30) return "pT1c";
        if (size <= 40) return "pT2a";
        if (size <= 50) return "pT2b";
        return size <= 70 ? "pT3" : "pT4";
    }

    String pN() {
        return "pN" + place;
    }

    PathologyReport report(Chance chance) {
        String site = chance.of("left", "right") + " " + chance.of("upper", "lower") + " lobe";
        String procedure = chance.of("lobectomy", "wedge resection");
        var sentences = new ArrayList<String>();
        sentences.add(chance.of(
                "%s, grade %d.".formatted(Phrase.capital(histology), grade),
                "Sections show a grade %d %s.".formatted(grade, histology)));
        sentences.add(Phrase.size(size, chance));
        sentences.add(PathologyReport.nodes(positive, examined, chance));
        if (place > 0) sentences.add("The positive nodes are " + (place == 1 ? "hilar." : "mediastinal."));
        sentences.add(PathologyReport.margins(clear, chance));
        sentences.add("Stage: %s %s.".formatted(pT(), pN()));
        String title = "Lung, %s, %s:".formatted(site, procedure);
        return new PathologyReport(
                PathologyReport.set(title, sentences, chance),
                JsonForm.object(
                        "site", site,
                        "procedure", procedure,
                        "histology", histology,
                        "grade", Integer.toString(grade),
                        "size_mm", size,
                        "pT", pT(),
                        "pN", pN(),
                        "nodes_positive", positive,
                        "nodes_examined", examined,
                        "margins", PathologyReport.marginsTruth(clear)));
    }
}
