package konsil.medgemma.inputs;

import java.util.List;
import konsil.medgemma.inputs.Localisation.Box;
import konsil.medgemma.inputs.Localisation.PixelBox;
import konsil.media.Canvas;
import konsil.media.Raster;

/** Boxes of an answer on the picture that was shown; each with its label, for colours alone tell nobody enough. */
public final class BoxDrawing {
    /** Colours that people who do not see red and green can tell apart (Okabe and Ito). */
    private static final int[] COLOURS = {0xE69F00, 0x56B4E9, 0x009E73, 0xF0E442, 0xCC79A7, 0xD55E00};

    private BoxDrawing() {}

    /** The picture with all boxes that lie on it; lines and letters grow with the picture. */
    public static Raster drawn(Raster picture, List<Box> boxes) {
        int scale = Math.max(1, Math.min(picture.width(), picture.height()) / 250);
        var canvas = Canvas.on(picture);
        for (int i = 0; i < boxes.size(); i++) {
            PixelBox box = boxes.get(i).on(picture.width(), picture.height());
            if (box.isEmpty()) {
                continue;
            }
            int colour = COLOURS[i % COLOURS.length];
            canvas.outline(new Canvas.Box(box.left(), box.top(), box.right(), box.bottom()), scale, colour);
            String label = box.label().isEmpty() ? "box " + (i + 1) : box.label();
            int above = box.top() - Canvas.textHeight(scale);
            canvas.text(box.left(), above >= 0 ? above : box.top(), label, scale, colour);
        }
        return canvas.raster();
    }
}
