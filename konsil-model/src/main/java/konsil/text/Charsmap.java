package konsil.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.BreakIterator;
import java.util.Arrays;
import java.util.Locale;
import konsil.tensor.file.BadFileException;

/**
 * SentencePiece's table of what characters are replaced by (precompiled_charsmap): a double-array trie of UTF-8 bytes
 * (darts-clone) whose values are places in a list of texts. Numbers of a damaged table that lead nowhere find nothing.
 */
final class Charsmap {
    private static final int MAX_BYTES = 16 << 20;
    /** Bytes of a cluster of characters that the library "tokenizers" looks up whole; longer ones go one by one. */
    private static final int CLUSTER_BYTES = 6;

    private final int[] units;
    private final byte[] texts;

    private Charsmap(int[] units, byte[] texts) {
        this.units = units;
        this.texts = texts;
    }

    /** @throws BadFileException when the sizes in it contradict each other */
    static Charsmap read(ByteBuffer bytes, Path file) {
        var from = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        int size = from.remaining();
        long trie = size < 4 ? -1 : Integer.toUnsignedLong(from.getInt());
        if (size > MAX_BYTES || trie < 4 || trie % 4 != 0 || trie > size - 4) {
            throw new BadFileException(file, "precompiled_charsmap", "its sizes do not fit; it is damaged");
        }
        int[] units = new int[(int) trie / 4];
        from.asIntBuffer().get(units);
        byte[] texts = new byte[size - 4 - (int) trie];
        from.get(4 + (int) trie, texts);
        return new Charsmap(units, texts);
    }

    /** What a prefix of some bytes is replaced by: its length and where the text begins; length 0 for none. */
    private record Match(int length, int text) {
        private static final Match NONE = new Match(0, 0);
    }

    private Match find(byte[] key, int from, int to, boolean longest) {
        Match found = Match.NONE;
        int node = offset(units[0]);
        for (int i = from; i < to; i++) {
            int label = key[i] & 0xFF;
            node ^= label;
            if (node < 0 || node >= units.length || (units[node] & 0x800000FF) != label) {
                return found;
            }
            boolean leaf = (units[node] >>> 8 & 1) == 1;
            node ^= offset(units[node]);
            if (leaf && node >= 0 && node < units.length) {
                found = new Match(i + 1 - from, units[node] & 0x7FFFFFFF);
                if (!longest) {
                    return found;
                }
            }
        }
        return found;
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }

    private String text(Match match) {
        int end = match.text;
        while (end < texts.length && texts[end] != 0) {
            end++;
        }
        return end < match.text ? "" : new String(texts, match.text, end - match.text, StandardCharsets.UTF_8);
    }

    /**
     * As "tokenizers" does it (spm_precompiled): the shortest entry that a cluster of characters begins with replaces
     * all of the cluster; clusters without one, and long ones, go character by character.
     */
    String replaceClusters(String text) {
        var to = new StringBuilder(text.length());
        var clusters = BreakIterator.getCharacterInstance(Locale.ROOT);
        clusters.setText(text);
        int from = 0;
        for (int end = clusters.next(); end != BreakIterator.DONE; end = clusters.next()) {
            String cluster = text.substring(from, end);
            if (!replaceWhole(cluster, CLUSTER_BYTES, to)) {
                cluster.codePoints().forEach(character -> {
                    String single = Character.toString(character);
                    if (!replaceWhole(single, Integer.MAX_VALUE, to)) {
                        to.append(single);
                    }
                });
            }
            from = end;
        }
        return to.toString();
    }

    private boolean replaceWhole(String part, int below, StringBuilder to) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        var match = bytes.length < below ? find(bytes, 0, bytes.length, false) : Match.NONE;
        if (match.length > 0) {
            to.append(text(match));
        }
        return match.length > 0;
    }

    /** A text in UTF-8 of which SentencePiece takes the longest entry that it begins with, again and again. */
    final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(String text) {
            bytes = text.getBytes(StandardCharsets.UTF_8);
        }

        boolean hasNext() {
            return at < bytes.length;
        }

        /** The replacement of the longest entry, or one character as it is. */
        String next() {
            var match = find(bytes, at, bytes.length, true);
            if (match.length > 0) {
                at += match.length;
                return text(match);
            }
            int length = length(bytes[at]);
            at += length;
            return new String(Arrays.copyOfRange(bytes, at - length, at), StandardCharsets.UTF_8);
        }

        private static int length(byte first) {
            return first >= 0 ? 1 : first >= (byte) 0xF0 ? 4 : first >= (byte) 0xE0 ? 3 : 2;
        }
    }
}
