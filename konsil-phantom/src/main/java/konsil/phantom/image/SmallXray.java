package konsil.phantom.image;

import java.util.List;
import konsil.phantom.text.Chance;

/** Pairs of chest radiographs of 96 by 96, prior and current; boxes are asked for in the current one. */
public final class SmallXray {
    private static final int SIDE = 96;
    private static final double NOISE = 0.35;

    private SmallXray() {}

    /** A case; the same seed and index give the same pictures. */
    public static ImageCase made(long seed, int index) {
        var patient = new XrayPatient(new Chance(seed, "xray small", index));
        var film = new Film(SIDE);
        var prior = film.picture(patient.levels(SIDE, false, NOISE));
        var current = film.picture(patient.levels(SIDE, true, NOISE));
        return new ImageCase("xray", List.of(prior, current), false, patient.truth(), patient.questions());
    }
}
