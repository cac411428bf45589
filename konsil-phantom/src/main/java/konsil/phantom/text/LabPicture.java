package konsil.phantom.text;

import konsil.media.Canvas;
import konsil.media.Raster;

/** A small report drawn with large letters: for each test name, result with unit and flag, and range, a line each. */
final class LabPicture {
    /** Pixels of a side. */
    static final int SIDE = 192;

    private static final int SCALE = 3;
    private static final int MARGIN = 3;
    private static final int WHITE = 0xffffff;

    private LabPicture() {}

    /** Black on white; at most three tests fit. */
    static Raster small(LabReport report) {
        var canvas = Canvas.of(SIDE, SIDE, 0);
        int y = MARGIN;
        int step = Canvas.textHeight(SCALE) - 1;
        for (var row : report.sections().getFirst().rows()) {
            var test = row.test();
            canvas.text(MARGIN, y, test.name(), SCALE, WHITE);
            canvas.text(MARGIN, y + step, row.result() + " " + test.unit() + " " + row.flag(), SCALE, WHITE);
            canvas.text(MARGIN, y + 2 * step, test.range(), SCALE, WHITE);
            y += 3 * step;
        }
        return inverted(canvas.raster());
    }

    private static Raster inverted(Raster picture) {
        byte[] samples = picture.samples().clone();
        for (int i = 0; i < samples.length; i++) samples[i] = (byte) (255 - (samples[i] & 0xff));
        return new Raster(picture.width(), picture.height(), samples);
    }
}
