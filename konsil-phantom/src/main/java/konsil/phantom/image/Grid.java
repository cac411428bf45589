package konsil.phantom.image;

import java.util.List;
import konsil.phantom.text.Chance;

/**
 * Axial slices, upright, their middle at x = y = 0.
 *
 * @param side pixels of a row and of a column
 * @param spacing mm between pixels
 * @param bottom z of the first slice's centre, mm
 * @param step mm from slice to slice
 * @param thickness of a slice, mm
 * @param planes that are averaged over the thickness: 1 for thin slices, more for partial volume
 */
record Grid(int side, double spacing, double bottom, double step, double thickness, int planes) {
    double x(int column) {
        return (column - (side - 1) / 2.0) * spacing;
    }

    double z(int slice) {
        return bottom + slice * step;
    }

    /** One slice of tissues on a background, without noise. */
    float[] slice(List<Tissue> tissues, double background, int slice) {
        float[] sum = new float[side * side];
        float[] plane = new float[side * side];
        for (int p = 0; p < planes; p++) {
            double z = z(slice) + thickness * ((p + 0.5) / planes - 0.5);
            java.util.Arrays.fill(plane, (float) background);
            for (Tissue tissue : tissues) paint(tissue, z, plane);
            for (int i = 0; i < sum.length; i++) sum[i] += plane[i] / planes;
        }
        return sum;
    }

    /** Edges are as soft as a pixel is wide: what a pixel's share of the tissue gives. */
    private void paint(Tissue tissue, double z, float[] plane) {
        var box = tissue.shape().around();
        if (Math.abs(z - box.z()) > box.rz() + spacing) return;
        int left = index(box.x() - box.rx() - spacing);
        int right = index(box.x() + box.rx() + spacing);
        int front = index(box.y() - box.ry() - spacing);
        int back = index(box.y() + box.ry() + spacing);
        for (int row = front; row <= back; row++) {
            double y = x(row);
            for (int column = left; column <= right; column++) {
                double share = 0.5 + tissue.shape().depth(x(column), y, z) / spacing;
                if (share <= 0) continue;
                int i = row * side + column;
                plane[i] += (float) (Math.min(1, share) * (tissue.value() - plane[i]));
            }
        }
    }

    private int index(double mm) {
        return Math.clamp(Math.round(mm / spacing + (side - 1) / 2.0), 0, side - 1);
    }

    /** Adds noise that neighbouring pixels share a little, as reconstruction makes it. @param deviation of a pixel */
    void addNoise(float[] plane, double deviation, Chance chance) {
        double before = 0;
        double own = 0.8 * deviation;
        double shared = 0.6 * deviation;
        for (int i = 0; i < plane.length; i++) {
            double fresh = chance.normal();
            plane[i] += (float) (own * fresh + shared * before);
            before = fresh;
        }
    }
}
