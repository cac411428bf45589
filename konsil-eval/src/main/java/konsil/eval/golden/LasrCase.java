package konsil.eval.golden;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;

/**
 * One recording of a golden directory.
 *
 * @param argmax the likeliest token of each frame
 * @param collapsed equal neighbours once, without blanks
 * @param text of the collapsed tokens, special ones as they are written
 * @param plain the same without special ones
 * @param reference tokens of a text that the CTC loss is of
 * @param loss of the reference, divided by its length; 0 where it fits into no so few frames
 */
record LasrCase(
        String name,
        Optional<int[]> argmax,
        Optional<int[]> collapsed,
        Optional<String> text,
        Optional<String> plain,
        Optional<int[]> reference,
        OptionalDouble loss) {
    private static final String ARGMAX = "argmax";
    private static final String COLLAPSED = "collapsed";
    /** What chunks are compared with elsewhere: the argmax of the sound as a whole. */
    private static final String WHOLE = "whole";

    static boolean isOne(Fields fields) {
        return fields.has(ARGMAX) || fields.has(COLLAPSED) || fields.has(WHOLE);
    }

    static LasrCase of(Path file, Json item) {
        var fields = Fields.of(file, item);
        String loss = "ctc_loss_mean";
        return new LasrCase(
                CasesFile.plainName(fields, "name", fields.text("name")),
                ids(fields, fields.has(ARGMAX) ? ARGMAX : WHOLE),
                ids(fields, COLLAPSED),
                text(fields, "text"),
                text(fields, fields.has("plain") ? "plain" : "text_skip_special"),
                ids(fields, "ctc_ref_ids"),
                fields.has(loss) ? OptionalDouble.of(fields.real(loss)) : OptionalDouble.empty());
    }

    private static Optional<int[]> ids(Fields fields, String name) {
        return fields.has(name) ? Optional.of(CasesFile.ids(fields, name, fields.list(name))) : Optional.empty();
    }

    private static Optional<String> text(Fields fields, String name) {
        return fields.has(name) ? Optional.of(fields.text(name)) : Optional.empty();
    }
}
