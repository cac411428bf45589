package konsil.text;

import java.util.Arrays;

/**
 * Merges one text after the other into the same list of ids. Symbols form a linked list; possible merges wait in a
 * heap, lowest rank first, then leftmost; those that a merge next to them has made stale are recognised when they come
 * up. So a text of n characters takes O(n log n) steps, whatever it holds.
 */
final class BpeRun implements Segmentation.Run {
    private static final int GONE = -1;
    private static final int END = -1;

    private final Bpe bpe;
    private final char space;
    private final Ids to;
    private int[] symbol = new int[64];
    private int[] before = new int[64];
    private int[] behind = new int[64];
    private int symbols;
    private long[] heap = new long[128];
    private int waiting;

    BpeRun(Bpe bpe, Ids to) {
        this.bpe = bpe;
        this.space = bpe.settings().spaceMark() ? Tokenizer.SPACE_MARK : ' ';
        this.to = to;
    }

    /** Encodes a part of a text; lone surrogates count as U+FFFD. */
    @Override
    public void encode(String text, int from, int end) {
        int start = from;
        for (int at = from + 1; at < end; at++) {
            char c = text.charAt(at);
            if ((c == ' ' || c == Tokenizer.SPACE_MARK) && bpe.cutsAfter(spaced(text.charAt(at - 1)))) {
                word(text, start, at);
                start = at;
            }
        }
        if (start < end) {
            word(text, start, end);
        }
    }

    private char spaced(char c) {
        return c == ' ' ? space : c;
    }

    private void word(String text, int from, int end) {
        symbols = 0;
        waiting = 0;
        split(text, from, end);
        for (int i = 0; i + 1 < symbols; i++) {
            offer(i, i + 1);
        }
        merge();
        for (int i = 0; i != END && symbols > 0; i = behind[i]) {
            emit(symbol[i]);
        }
    }

    /**
     * Turns characters into symbols. A run of unknown ones is held back until a known character comes, also past
     * characters written as bytes, as the reference does.
     */
    private void split(String text, int from, int end) {
        var settings = bpe.settings();
        boolean unknown = false;
        for (int at = from; at < end; ) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            codePoint = codePoint == ' ' ? space : valid(codePoint);
            int known = bpe.symbol(codePoint);
            if (known != Bpe.NONE) {
                if (unknown) {
                    append(settings.unknown());
                    unknown = false;
                }
                append(known);
            } else if (!(settings.byteFallback() && appendBytes(codePoint)) && settings.unknown() != Bpe.NONE) {
                if (unknown && !settings.fuseUnknown()) {
                    append(settings.unknown());
                }
                unknown = true;
            }
        }
        if (unknown) {
            append(settings.unknown());
        }
    }

    private static int valid(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE ? 0xFFFD : codePoint;
    }

    private boolean appendBytes(int codePoint) {
        if (!hasBytes(codePoint)) {
            return false;
        }
        for (long rest = Utf8.bytes(codePoint); rest != 0; rest >>>= 9) {
            append(bpe.byteToken((int) rest & 0xFF));
        }
        return true;
    }

    private boolean hasBytes(int codePoint) {
        for (long rest = Utf8.bytes(codePoint); rest != 0; rest >>>= 9) {
            if (bpe.byteToken((int) rest & 0xFF) == Bpe.NONE) {
                return false;
            }
        }
        return true;
    }

    private void append(int id) {
        if (symbols == symbol.length) {
            symbol = Arrays.copyOf(symbol, 2 * symbols);
            before = Arrays.copyOf(before, 2 * symbols);
            behind = Arrays.copyOf(behind, 2 * symbols);
        }
        symbol[symbols] = id;
        before[symbols] = symbols - 1;
        behind[symbols] = END;
        if (symbols > 0) {
            behind[symbols - 1] = symbols;
        }
        symbols++;
    }

    private void merge() {
        while (waiting > 0) {
            long best = take();
            int left = (int) best;
            int right = symbol[left] == GONE ? END : behind[left];
            if (right == END) {
                continue;
            }
            long rule = bpe.rule(symbol[left], symbol[right]);
            if (rule == RuleTable.NONE || rule >>> 32 != best >>> 32) {
                continue;
            }
            symbol[left] = (int) rule;
            symbol[right] = GONE;
            behind[left] = behind[right];
            if (behind[left] != END) {
                before[behind[left]] = left;
                offer(left, behind[left]);
            }
            if (before[left] != END) {
                offer(before[left], left);
            }
        }
    }

    /** A symbol that merges have left over and that is no token is written as bytes, or is unknown. */
    private void emit(int id) {
        int codePoint = bpe.extraCodePoint(id);
        int unknown = bpe.settings().unknown();
        if (codePoint == Bpe.NONE) {
            to.add(id);
        } else if (bpe.settings().byteFallback() && hasBytes(codePoint)) {
            for (long rest = Utf8.bytes(codePoint); rest != 0; rest >>>= 9) {
                to.add(bpe.byteToken((int) rest & 0xFF));
            }
        } else if (unknown != Bpe.NONE && !(bpe.settings().fuseUnknown() && to.endsWith(unknown))) {
            to.add(unknown);
        }
    }

    /** Puts a pair into the heap if a rule fits it. */
    private void offer(int left, int right) {
        long rule = bpe.rule(symbol[left], symbol[right]);
        if (rule == RuleTable.NONE) {
            return;
        }
        if (waiting == heap.length) {
            heap = Arrays.copyOf(heap, 2 * waiting);
        }
        long value = rule & ~0xFFFFFFFFL | left;
        int at = waiting++;
        while (at > 0 && heap[at - 1 >>> 1] > value) {
            heap[at] = heap[at - 1 >>> 1];
            at = at - 1 >>> 1;
        }
        heap[at] = value;
    }

    private long take() {
        long best = heap[0];
        long value = heap[--waiting];
        int at = 0;
        for (int child = 1; child < waiting; child = 2 * at + 1) {
            if (child + 1 < waiting && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= value) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = value;
        return best;
    }
}
