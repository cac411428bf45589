package konsil.kernel;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of products: six rows of a times two vectors of columns, all twelve sums in registers. That many
 * fit the 16 registers of AVX2 and hide the latency of a fused multiply-add.
 *
 * <p>Every sum runs over k from first to last in one accumulator, so it does not matter how k is cut into calls.
 *
 * <p>Here and in {@link VectorRow} vectors are handled by the Vector API's own methods alone. Those are always inlined;
 * a method of ours is not once its caller has grown to 18 000 nodes, which some forty vector operations do, and then
 * the JIT compiler puts every vector that it takes or returns in a box: ten times slower. For the same reason a and c
 * are arrays, which take fewer nodes than native memory.
 */
final class VectorTile {
    /** Rows of a tile. */
    static final int ROWS = 6;

    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = RawMemory.ALL;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int L = Lanes.COUNT;

    private VectorTile() {}

    /**
     * Where a tile's columns and sums lie.
     *
     * @param b address of the first two vectors of columns
     * @param bStep bytes from one k to the next
     * @param c the sums
     * @param at where the first two vectors of sums begin
     * @param cStep from one row of sums to the next
     */
    record Place(long b, long bStep, float[] c, int at, int cStep) {
        private int row(int row) {
            return at + row * cStep;
        }
    }

    /**
     * c[i, j] += sum over n of a[at + i * lead + n] * b[n, j] for six rows i and two vectors of columns j.
     *
     * @param k how many n
     */
    static void multiply(float[] a, int at, int lead, Place to, int k) {
        FloatVector c00 = fromArray(F, to.c, to.row(0)), c01 = fromArray(F, to.c, to.row(0) + L);
        FloatVector c10 = fromArray(F, to.c, to.row(1)), c11 = fromArray(F, to.c, to.row(1) + L);
        FloatVector c20 = fromArray(F, to.c, to.row(2)), c21 = fromArray(F, to.c, to.row(2) + L);
        FloatVector c30 = fromArray(F, to.c, to.row(3)), c31 = fromArray(F, to.c, to.row(3) + L);
        FloatVector c40 = fromArray(F, to.c, to.row(4)), c41 = fromArray(F, to.c, to.row(4) + L);
        FloatVector c50 = fromArray(F, to.c, to.row(5)), c51 = fromArray(F, to.c, to.row(5) + L);
        long b = to.b;
        for (int n = at; n < at + k; n++, b += to.bStep) {
            FloatVector b0 = fromMemorySegment(F, ALL, b, LE), b1 = fromMemorySegment(F, ALL, b + 4 * L, LE);
            FloatVector a0 = broadcast(F, a[n]), a1 = broadcast(F, a[n + lead]), a2 = broadcast(F, a[n + 2 * lead]);
            int m = n + 3 * lead;
            FloatVector a3 = broadcast(F, a[m]), a4 = broadcast(F, a[m + lead]), a5 = broadcast(F, a[m + 2 * lead]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
        }
        c00.intoArray(to.c, to.row(0));
        c01.intoArray(to.c, to.row(0) + L);
        c10.intoArray(to.c, to.row(1));
        c11.intoArray(to.c, to.row(1) + L);
        c20.intoArray(to.c, to.row(2));
        c21.intoArray(to.c, to.row(2) + L);
        c30.intoArray(to.c, to.row(3));
        c31.intoArray(to.c, to.row(3) + L);
        c40.intoArray(to.c, to.row(4));
        c41.intoArray(to.c, to.row(4) + L);
        c50.intoArray(to.c, to.row(5));
        c51.intoArray(to.c, to.row(5) + L);
    }

    /** As {@link #multiply} with one vector of columns, for the last columns that are not enough for two. */
    static void multiplyNarrow(float[] a, int at, int lead, Place to, int k) {
        FloatVector c0 = fromArray(F, to.c, to.row(0)), c1 = fromArray(F, to.c, to.row(1));
        FloatVector c2 = fromArray(F, to.c, to.row(2)), c3 = fromArray(F, to.c, to.row(3));
        FloatVector c4 = fromArray(F, to.c, to.row(4)), c5 = fromArray(F, to.c, to.row(5));
        long b = to.b;
        for (int n = at; n < at + k; n++, b += to.bStep) {
            FloatVector column = fromMemorySegment(F, ALL, b, LE);
            c0 = broadcast(F, a[n]).fma(column, c0);
            c1 = broadcast(F, a[n + lead]).fma(column, c1);
            c2 = broadcast(F, a[n + 2 * lead]).fma(column, c2);
            c3 = broadcast(F, a[n + 3 * lead]).fma(column, c3);
            c4 = broadcast(F, a[n + 4 * lead]).fma(column, c4);
            c5 = broadcast(F, a[n + 5 * lead]).fma(column, c5);
        }
        c0.intoArray(to.c, to.row(0));
        c1.intoArray(to.c, to.row(1));
        c2.intoArray(to.c, to.row(2));
        c3.intoArray(to.c, to.row(3));
        c4.intoArray(to.c, to.row(4));
        c5.intoArray(to.c, to.row(5));
    }
}
