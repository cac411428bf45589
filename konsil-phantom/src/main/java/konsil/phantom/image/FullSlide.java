package konsil.phantom.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import konsil.media.PngWriter;
import konsil.media.Raster;
import konsil.media.slide.SlideWriter;
import konsil.phantom.text.Chance;
import konsil.phantom.text.JsonForm;
import konsil.tensor.file.Json;

/** Slides with a piece of a tumour, 20x, half a micrometre a pixel; or one patch of 896 pixels at 10x. */
public final class FullSlide {
    private static final double BASE = 0.5;
    private static final int POWER = 20;
    private static final int PATCH = 896;
    private static final int BLOCK = 512;
    private static final double GRAIN = 0.012;

    /** How a slide is written. */
    public enum Form {
        /** A pyramid of three levels. */
        SVS,
        /** A patch as a model sees it. */
        PNG
    }

    private FullSlide() {}

    /** One case: its line; its files are written to a folder that is there. */
    public static Json.Obj make(Path folder, long seed, int index, Form form) throws IOException {
        var chance = new Chance(seed, "slide " + form, index);
        int grade = chance.between(1, 3);
        String file = "slide-%06d.%s".formatted(index, form == Form.SVS ? "svs" : "png");
        Path path = folder.resolve(file);
        if (form == Form.SVS) {
            write(path, slide(grade, chance.between(5, 7), chance));
        } else {
            var stain = new Stain(PATCH, PATCH, 2 * BASE, 0, 0);
            new Tumour(grade, PATCH * 2 * BASE, chance).draw(stain);
            stain.addGrain(GRAIN, chance);
            PngWriter.write(path, stain.picture(chance.between(0.85, 1.2)));
        }
        var made = new ImageCase("slide", List.of(), false, SmallSlide.truth(grade), SmallSlide.questions(grade));
        var shown = form == Form.SVS ? JsonForm.study(file) : JsonForm.picture(file);
        return ImageCases.line(made, seed, index, form.name(), List.of(shown), List.of(file));
    }

    static void write(Path path, Raster slide) throws IOException {
        try (var out = new BufferedOutputStream(Files.newOutputStream(path))) {
            SlideWriter.write(out, levels(slide), BASE, POWER);
        }
    }

    /** The largest level: tissue of an uneven outline on empty glass. @param blocks of 512 pixels along each side */
    static Raster slide(int grade, int blocks, Chance chance) {
        int side = BLOCK * blocks;
        var tumour = new Tumour(grade, side * BASE, chance);
        double strength = chance.between(1.3, 1.6);
        double turn = chance.between(0.0, 2 * Math.PI);
        byte[] samples = new byte[3 * side * side];
        for (int top = 0; top < side; top += BLOCK) {
            for (int left = 0; left < side; left += BLOCK) {
                var stain = new Stain(BLOCK, BLOCK, BASE, left * BASE, top * BASE);
                tumour.draw(stain);
                stain.addGrain(GRAIN, chance);
                stain.clearBeyond(side * BASE / 2, turn);
                byte[] block = stain.picture(strength).samples();
                for (int row = 0; row < BLOCK; row++) {
                    int to = 3 * ((top + row) * side + left);
                    System.arraycopy(block, 3 * row * BLOCK, samples, to, 3 * BLOCK);
                }
            }
        }
        return new Raster(side, side, samples);
    }

    private static List<Raster> levels(Raster largest) {
        int side = largest.width();
        return List.of(largest, largest.resized(side / 2, side / 2), largest.resized(side / 8, side / 8));
    }
}
