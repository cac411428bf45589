package konsil.phantom.image;

import java.util.ArrayList;
import java.util.List;
import konsil.phantom.text.Chance;
import konsil.phantom.text.JsonForm;
import konsil.tensor.file.Json;

/**
 * A body that was scanned, and what is wrong with it.
 *
 * @param region head, chest or abdomen
 * @param side left or right of the patient; of a liver lesion its lobe; empty when nothing is found
 * @param tissues everything, the lesion too
 * @param lesion null when nothing is found
 * @param radius mm from the middle to the skin
 * @param height mm that the slices cover, around z = 0
 */
record CtPatient(
        String region,
        CtFinding finding,
        String side,
        List<Tissue> tissues,
        Tissue lesion,
        double radius,
        double height) {
    private static final double HEAD = 110;
    private static final double CHEST = 216;
    private static final double ABDOMEN = 150;

    /** A third is normal. The slice nearest the lesion's middle is one of {@code slices}, equally spaced. */
    static CtPatient made(Chance chance, int slices) {
        CtFinding finding = chance.happens(1.0 / 3)
                ? CtFinding.NORMAL
                : chance.of(
                        CtFinding.HEAD_BLEED,
                        CtFinding.LUNG_NODULE,
                        CtFinding.PLEURAL_EFFUSION,
                        CtFinding.LIVER_LESION);
        boolean left = chance.happens(0.5);
        return switch (finding) {
            case NORMAL ->
                switch (chance.between(0, 3)) {
                    case 0 -> head(chance, finding, left, slices);
                    case 1 -> abdomen(chance, finding, left, slices);
                    default -> chest(chance, finding, left, slices);
                };
            case HEAD_BLEED -> head(chance, finding, left, slices);
            case LIVER_LESION -> abdomen(chance, finding, left, slices);
            case LUNG_NODULE, PLEURAL_EFFUSION -> chest(chance, finding, left, slices);
        };
    }

    private static CtPatient head(Chance chance, CtFinding finding, boolean left, int slices) {
        var anatomy = new HeadAnatomy(chance);
        var tissues = anatomy.normal(HeadAnatomy.Values.ct(chance));
        double z = place(chance, HEAD, slices, -32, 40);
        Tissue lesion = finding == CtFinding.NORMAL ? null : anatomy.blood(left ? 1 : -1, z);
        return new CtPatient(
                "head", finding, side(lesion, left), with(tissues, lesion), lesion, anatomy.radius(), HEAD);
    }

    private static CtPatient chest(Chance chance, CtFinding finding, boolean left, int slices) {
        var anatomy = new ChestAnatomy(chance);
        var tissues = anatomy.normal();
        double z = place(chance, CHEST, slices, -65, 70);
        Tissue lesion =
                switch (finding) {
                    case LUNG_NODULE -> anatomy.nodule(left ? 1 : -1, z);
                    case PLEURAL_EFFUSION -> anatomy.fluid(left ? 1 : -1);
                    default -> null;
                };
        return new CtPatient(
                "chest", finding, side(lesion, left), with(tissues, lesion), lesion, anatomy.radius(), CHEST);
    }

    private static CtPatient abdomen(Chance chance, CtFinding finding, boolean left, int slices) {
        var anatomy = new AbdomenAnatomy(chance);
        var tissues = anatomy.normal();
        double z = left ? place(chance, ABDOMEN, slices, 12, 66) : place(chance, ABDOMEN, slices, -20, 70);
        Tissue lesion = finding == CtFinding.NORMAL ? null : anatomy.lesion(!left, z);
        return new CtPatient(
                "abdomen", finding, side(lesion, left), with(tissues, lesion), lesion, anatomy.radius(), ABDOMEN);
    }

    private static List<Tissue> with(List<Tissue> tissues, Tissue lesion) {
        var all = new ArrayList<>(tissues);
        if (lesion != null) all.add(lesion);
        return all;
    }

    private static String side(Tissue lesion, boolean left) {
        return lesion == null ? "" : left ? "left" : "right";
    }

    /** Near the plane of a slice within this range, so that thick gaps do not hide what is asked for. */
    private static double place(Chance chance, double height, int slices, double low, double high) {
        double step = height / (slices - 1);
        var planes = new ArrayList<Double>();
        for (int i = 0; i < slices; i++) {
            double z = -height / 2 + i * step;
            if (z >= low && z <= high) planes.add(z);
        }
        return chance.of(planes) + chance.between(-3.0, 3.0);
    }

    Json.Obj truth() {
        return JsonForm.object("region", region, "finding", finding.words(), "side", side.isEmpty() ? null : side);
    }

    List<Question> questions() {
        var all = new ArrayList<Question>();
        all.add(new Question("finding", "What is the main finding?", finding.words()));
        if (!side.isEmpty()) {
            String what = finding == CtFinding.LIVER_LESION
                    ? "In which lobe of the liver is the lesion?"
                    : "On which side is the " + finding.words() + "?";
            all.add(new Question("side", what, side));
        }
        return all;
    }
}
