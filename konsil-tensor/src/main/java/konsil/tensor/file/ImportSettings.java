package konsil.tensor.file;

import java.util.List;
import java.util.regex.Pattern;
import konsil.kernel.WeightFormat;

/**
 * Which number format each matrix gets.
 *
 * @param format of every matrix that nothing else is said about
 * @param rules the first that fits a tensor's name counts
 */
public record ImportSettings(WeightFormat format, List<Rule> rules) {
    /** Matrices whose whole name matches get this format. */
    public record Rule(Pattern names, WeightFormat format) {
        /** A rule for all names that match {@code glob}, in which each * stands for any characters. */
        public static Rule of(String glob, WeightFormat format) {
            return new Rule(globPattern(glob), format);
        }
    }

    public ImportSettings {
        rules = List.copyOf(rules);
    }

    /** The pattern of a name in which each * stands for any characters. */
    public static Pattern globPattern(String glob) {
        return Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q"), Pattern.DOTALL);
    }

    /**
     * The format of a matrix. The table of embeddings is also the output head, whose errors decide between words: with
     * Q4_0 it gets Q8_0, unless the source holds it as Q4_0 already.
     */
    WeightFormat formatOf(String name, FileType source, boolean embedding) {
        for (var rule : rules) {
            if (rule.names().matcher(name).matches()) {
                return rule.format();
            }
        }
        return embedding && format == WeightFormat.Q4_0 && source != FileType.Q4_0 ? WeightFormat.Q8_0 : format;
    }
}
