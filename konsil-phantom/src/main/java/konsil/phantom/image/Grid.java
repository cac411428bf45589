package konsil.phantom.image;

import java.util.Arrays;
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
            Arrays.fill(plane, (float) background);
            for (Tissue tissue : tissues) paint(tissue, z, plane);
            for (int i = 0; i < sum.length; i++) sum[i] += plane[i] / planes;
        }
        return sum;
    }

    /** Edges are as soft as a pixel is wide: what a pixel's share of the tissue gives. */
    private void paint(Tissue tissue, double z, float[] plane) {
        var box = tissue.shape().around();
        if (Math.abs(z - box.z()) > box.rz() + spacing) return;
        int front = index(box.y() - box.ry() - spacing);
        int back = index(box.y() + box.ry() + spacing);
        var outer = box.grown(spacing);
        // Of an ellipsoid, what lies deeper than a pixel is filled without a look at its edge.
        var inner = tissue.shape() instanceof Shape.Ellipsoid ? box.grown(-spacing) : null;
        for (int row = front; row <= back; row++) {
            double y = x(row);
            double reach = halfRow(outer, y, z);
            if (reach < 0) continue;
            int left = index(box.x() - reach);
            int right = index(box.x() + reach);
            double deep = inner == null ? -1 : halfRow(inner, y, z);
            int from = deep < 0 ? right + 1 : (int) Math.ceil(place(box.x() - deep));
            int to = deep < 0 ? right : (int) Math.floor(place(box.x() + deep));
            from = Math.clamp(from, left, right + 1);
            to = Math.clamp(to, from - 1, right);
            var edge = new Edge(tissue, y, z, row);
            paint(edge, plane, left, from - 1);
            Arrays.fill(plane, row * side + from, row * side + to + 1, (float) tissue.value());
            paint(edge, plane, to + 1, right);
        }
    }

    private record Edge(Tissue tissue, double y, double z, int row) {}

    private void paint(Edge edge, float[] plane, int from, int to) {
        var tissue = edge.tissue();
        for (int column = from; column <= to; column++) {
            double share = 0.5 + tissue.shape().depth(x(column), edge.y(), edge.z()) / spacing;
            if (share <= 0) continue;
            int i = edge.row() * side + column;
            plane[i] += (float) (Math.min(1, share) * (tissue.value() - plane[i]));
        }
    }

    /** Half of what a line along x has in common with an ellipsoid; below 0 for nothing. */
    private static double halfRow(Shape.Ellipsoid body, double y, double z) {
        if (body.rx() <= 0 || body.ry() <= 0 || body.rz() <= 0) return -1;
        double dy = (y - body.y()) / body.ry();
        double dz = (z - body.z()) / body.rz();
        double rest = 1 - dy * dy - dz * dz;
        return rest < 0 ? -1 : body.rx() * Math.sqrt(rest);
    }

    private double place(double mm) {
        return mm / spacing + (side - 1) / 2.0;
    }

    private int index(double mm) {
        return Math.clamp(Math.round(place(mm)), 0, side - 1);
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
