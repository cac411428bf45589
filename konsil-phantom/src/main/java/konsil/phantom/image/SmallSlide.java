package konsil.phantom.image;

import java.util.List;
import konsil.phantom.text.Chance;
import konsil.phantom.text.JsonForm;
import konsil.tensor.file.Json;

/** Patches of 96 by 96 of slides with a tumour, 2.5 to 3 micrometres a pixel. */
public final class SmallSlide {
    private static final int SIDE = 96;
    private static final double GRAIN = 0.02;

    private SmallSlide() {}

    /** A case; the same seed and index give the same picture. */
    public static ImageCase made(long seed, int index) {
        var chance = new Chance(seed, "slide small", index);
        double scale = chance.between(2.5, 3.0);
        var tumour = new Tumour(chance.between(1, 3), SIDE * scale, chance);
        var stain = new Stain(SIDE, SIDE, scale, 0, 0);
        tumour.draw(stain);
        stain.addGrain(GRAIN, chance);
        var picture = stain.picture(chance.between(0.85, 1.2));
        return new ImageCase("slide", List.of(picture), false, truth(tumour.grade()), questions(tumour.grade()));
    }

    static Json.Obj truth(int grade) {
        return JsonForm.object("finding", "adenocarcinoma", "grade", grade);
    }

    static List<Question> questions(int grade) {
        return List.of(new Question("grade", "What is the tumor grade: 1, 2 or 3?", "grade " + grade));
    }
}
