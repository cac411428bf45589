package konsil.train.tokenizer;

import java.util.List;

/**
 * What byte-pair training found.
 *
 * @param pieces characters first, then what merges make, in the order found; each once
 * @param merges in the order found, which is their rank; several may make the same piece
 */
record Bpe(List<String> pieces, List<Merge> merges) {
    Bpe {
        pieces = List.copyOf(pieces);
        merges = List.copyOf(merges);
    }
}
