package konsil.kernel;

/**
 * Some query rows that read the same key head: row r of the block is head {@code (first + r) % group} of the group, of
 * query {@code (first + r) / group}.
 *
 * @param kvHead the key head
 * @param first number of the first row among all rows of the key head
 * @param count how many rows
 */
record VectorQueries(KeyRanges visible, AttentionShape shape, int kvHead, int first, int count) {
    private int group() {
        return shape.heads() / shape.kvHeads();
    }

    int query(int row) {
        return (first + row) / group();
    }

    /** Column of q and y where the row's head begins. */
    int column(int row) {
        return (kvHead * group() + (first + row) % group()) * shape.headDim();
    }

    long from(int row) {
        return visible.from()[query(row)];
    }

    long to(int row) {
        return visible.to()[query(row)];
    }

    boolean seesNothing(int row) {
        return from(row) >= to(row);
    }

    /** Whether a row sees any key of the tile that begins at a position. */
    boolean sees(int row, long position) {
        return !seesNothing(row) && from(row) < position + KvTiles.TILE && to(row) > position;
    }

    /** The rows' count, a multiple of a tile's rows. */
    int padded() {
        return Math.ceilDiv(count, VectorTile.ROWS) * VectorTile.ROWS;
    }

    /** Position of the first tile that any row sees. */
    long firstTile() {
        long first = Long.MAX_VALUE;
        for (int row = 0; row < count; row++) {
            first = seesNothing(row) ? first : Math.min(first, from(row));
        }
        return first / KvTiles.TILE * KvTiles.TILE;
    }

    /** Position after the last key that any row sees, 0 when none sees any. */
    long end() {
        long end = 0;
        for (int row = 0; row < count; row++) {
            end = seesNothing(row) ? end : Math.max(end, to(row));
        }
        return end;
    }

    /** Numbers that {@link VectorAttentionBlock} needs. */
    int size(int paddedDim) {
        return padded() * (shape.headDim() + 1 + paddedDim + Lanes.COUNT + 1) + 2 * VectorTile.ROWS * KvTiles.TILE;
    }
}
