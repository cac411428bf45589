package konsil.tensor;

import java.util.Arrays;
import konsil.kernel.Rows;

/** The cosines and sines of one {@link RopeTable} for the positions of the current step, which all layers share. */
final class RopeAngles {
    private final RopeTable table;
    private final Workspace workspace;
    private long[] positions = {};
    private Rows cos;
    private Rows sin;

    RopeAngles(RopeTable table, Workspace workspace) {
        this.table = table;
        this.workspace = workspace;
        this.cos = room(0);
        this.sin = room(0);
    }

    boolean of(RopeTable wanted) {
        return table.equals(wanted);
    }

    /** Computes the rows for these positions, unless they are the ones of the last call. */
    void moveTo(long[] wanted) {
        if (Arrays.equals(positions, wanted)) {
            return;
        }
        if (wanted.length > cos.rows()) {
            int rows = Math.max(wanted.length, 2 * cos.rows());
            cos = room(rows);
            sin = room(rows);
        }
        table.fill(wanted, cos, sin);
        positions = wanted.clone();
    }

    Rows cos() {
        return cos.slice(0, positions.length);
    }

    Rows sin() {
        return sin.slice(0, positions.length);
    }

    private Rows room(int rows) {
        int cols = table.headDim() / 2;
        return Rows.of(workspace.lasting(Tensor.byteSize(rows, cols)), rows, cols);
    }
}
