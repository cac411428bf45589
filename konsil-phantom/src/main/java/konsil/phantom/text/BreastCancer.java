package konsil.phantom.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Breast cancer, staged by the TNM classification (UICC, 8th edition): size gives pT, positive nodes give pN. */
record BreastCancer(
        String histology, int grade, int size, int positive, int examined, boolean clear, Receptors receptors) {
    record Receptors(boolean er, boolean pr, boolean her2) {}

    static BreastCancer made(Chance chance) {
        boolean er = chance.happens(0.7);
        var receptors = new Receptors(er, er && chance.happens(0.8), chance.happens(0.2));
        int examined = chance.between(10, 24);
        int positive = chance.happens(0.5) ? 0 : chance.between(1, Math.min(12, examined));
        return new BreastCancer(
                chance.of("invasive ductal carcinoma", "invasive lobular carcinoma", "mucinous carcinoma"),
                chance.between(1, 3),
                chance.between(3, 70),
                positive,
                examined,
                chance.happens(0.8),
                receptors);
    }

    String pT() {
        if (size <= 5) return "pT1a";
        if (size <= 10) return "pT1b";
        if (size <= 20) return "pT1c";
        return size <= 50 ? "pT2" : "pT3";
    }

    String pN() {
        if (positive == 0) return "pN0";
        if (positive <= 3) return "pN1a";
        return positive <= 9 ? "pN2a" : "pN3a";
    }

    PathologyReport report(Chance chance) {
        String side = chance.of("left", "right");
        String procedure = chance.of("lumpectomy", "mastectomy");
        var sentences = new ArrayList<String>();
        sentences.add(chance.of(
                "The specimen shows %s, grade %d.".formatted(histology, grade),
                "%s, Nottingham grade %d.".formatted(Phrase.capital(histology), grade)));
        sentences.add(Phrase.size(size, chance));
        var later = new ArrayList<>(List.of(
                PathologyReport.margins(clear, chance),
                PathologyReport.nodes(positive, examined, chance),
                receptors(chance)));
        if (chance.happens(0.5)) Collections.swap(later, 0, 1);
        sentences.addAll(later);
        sentences.add("Stage: %s %s.".formatted(pT(), pN()));
        String title = "%s breast, %s:".formatted(Phrase.capital(side), procedure);
        return new PathologyReport(
                PathologyReport.set(title, sentences, chance),
                JsonForm.object(
                        "site", side + " breast",
                        "procedure", procedure,
                        "histology", histology,
                        "grade", Integer.toString(grade),
                        "size_mm", size,
                        "pT", pT(),
                        "pN", pN(),
                        "nodes_positive", positive,
                        "nodes_examined", examined,
                        "margins", PathologyReport.marginsTruth(clear),
                        "ER", Phrase.sign(receptors.er),
                        "PR", Phrase.sign(receptors.pr),
                        "HER2", Phrase.sign(receptors.her2)));
    }

    private String receptors(Chance chance) {
        String er = Phrase.sign(receptors.er);
        String pr = Phrase.sign(receptors.pr);
        String her2 = Phrase.sign(receptors.her2);
        return chance.of(
                "ER %s, PR %s, HER2 %s.".formatted(er, pr, her2),
                "Estrogen receptor %s, progesterone receptor %s. HER2 is %s.".formatted(er, pr, her2));
    }
}
