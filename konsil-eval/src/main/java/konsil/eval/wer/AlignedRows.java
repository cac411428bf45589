package konsil.eval.wer;

import java.util.ArrayList;
import java.util.List;

/** An alignment as rows of text. */
final class AlignedRows {
    private static final String GAP = "***";
    private static final String LABEL = "REF  ";

    private final int columns;
    private final List<String> rows = new ArrayList<>();
    private final StringBuilder reference = new StringBuilder();
    private final StringBuilder hypothesis = new StringBuilder();
    private final StringBuilder marks = new StringBuilder();

    /** @param columns at most in a row, unless one word alone is longer */
    AlignedRows(int columns) {
        this.columns = columns;
    }

    List<String> of(Alignment alignment) {
        start();
        int r = 0;
        int h = 0;
        for (Edit edit : alignment.edits()) {
            String ref = edit == Edit.INSERTION ? GAP : alignment.reference().get(r++);
            String hyp = edit == Edit.DELETION ? GAP : alignment.hypothesis().get(h++);
            add(ref, hyp, edit.mark());
        }
        finish();
        return rows;
    }

    private void add(String ref, String hyp, char mark) {
        int width = Math.max(width(ref), width(hyp)) + 1;
        if (reference.length() + width > columns && reference.length() > LABEL.length()) {
            finish();
            start();
        }
        pad(reference, ref, width);
        pad(hypothesis, hyp, width);
        pad(marks, String.valueOf(mark), width);
    }

    private void start() {
        reference.append(LABEL);
        hypothesis.append("HYP  ");
        marks.append("     ");
    }

    private void finish() {
        for (StringBuilder row : List.of(reference, hypothesis, marks)) {
            rows.add(row.toString().stripTrailing());
            row.setLength(0);
        }
    }

    private static int width(String word) {
        return word.codePointCount(0, word.length());
    }

    private static void pad(StringBuilder row, String word, int width) {
        row.append(word).append(" ".repeat(width - width(word)));
    }
}
