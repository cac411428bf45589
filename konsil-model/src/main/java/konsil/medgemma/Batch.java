package konsil.medgemma;

import java.util.List;
import java.util.function.Function;
import konsil.tensor.AttentionSpec;
import konsil.tensor.KvCache;
import konsil.tensor.Mask;
import konsil.tensor.Ops;
import konsil.tensor.Tensor;

/**
 * Pieces of one or several sequences that are run through a network together, their tokens one below the other.
 * Matrices are read once for all of them; attention looks at each alone.
 */
public final class Batch {
    /**
     * Tokens of one sequence that follow what its cache holds.
     *
     * @param mask of the whole sequence
     * @param tokens how many
     */
    public record Piece(Mask mask, KvCache cache, int tokens) {}

    private final List<Piece> pieces;
    private final long[] positions;

    /** @param pieces at least one, no cache twice */
    public Batch(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
        this.positions = new long[pieces.stream().mapToInt(Piece::tokens).sum()];
        int row = 0;
        for (var piece : pieces) {
            System.arraycopy(piece.cache().positions(piece.tokens()), 0, positions, row, piece.tokens());
            row += piece.tokens();
        }
    }

    /** A piece of one sequence alone. */
    public static Batch of(Mask mask, KvCache cache, int tokens) {
        return new Batch(List.of(new Piece(mask, cache, tokens)));
    }

    /** Rows of all pieces together. */
    int tokens() {
        return positions.length;
    }

    /** Where in its sequence each row stands; not to be changed. */
    long[] positions() {
        return positions;
    }

    /**
     * Attention within each sequence.
     *
     * @param x of all pieces
     * @param spec how, for a sequence's mask
     * @return as x.q
     */
    Tensor attention(Ops ops, Rotated x, int layer, Function<Mask, AttentionSpec> spec) {
        if (pieces.size() == 1) {
            var piece = pieces.getFirst();
            return ops.attention(
                    x.q(), x.k(), x.v(), spec.apply(piece.mask()), piece.cache().layer(layer));
        }
        Tensor y = x.q();
        int first = 0;
        for (var piece : pieces) {
            int[] rows = rows(first, piece.tokens());
            Tensor attended = ops.attention(
                    ops.selectRows(x.q(), rows),
                    ops.selectRows(x.k(), rows),
                    ops.selectRows(x.v(), rows),
                    spec.apply(piece.mask()),
                    piece.cache().layer(layer));
            y = ops.scatterRows(y, rows, attended);
            first += piece.tokens();
        }
        return y;
    }

    /**
     * Queries and keys, turned by their positions, and values.
     *
     * @param q (tokens, heads * headDim)
     * @param k (tokens, kvHeads * headDim)
     * @param v as k
     */
    record Rotated(Tensor q, Tensor k, Tensor v) {}

    private static int[] rows(int first, int count) {
        var rows = new int[count];
        for (int i = 0; i < count; i++) {
            rows[i] = first + i;
        }
        return rows;
    }

    /** Tells the caches that all layers have seen these tokens. */
    void advance() {
        for (var piece : pieces) {
            piece.cache().advance(piece.tokens());
        }
    }
}
