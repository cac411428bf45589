package konsil.clinic.dictation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import konsil.tensor.BadInputException;

/**
 * How dictation is formatted.
 *
 * @param rules the rules that are on
 * @param locale the language of the dictation; English, the only one that MedASR hears
 */
public record DictationSettings(Set<Rule> rules, Locale locale) {
    /** Every rule, English. */
    public static final DictationSettings ALL = new DictationSettings(EnumSet.allOf(Rule.class), Locale.ENGLISH);

    /** @throws BadInputException for a language other than English */
    public DictationSettings {
        if (!locale.getLanguage().equals("en")) {
            throw new BadInputException("dictation locale: want en, got %s; there are no rules for other languages"
                    .formatted(locale.toLanguageTag()));
        }
        var copy = EnumSet.noneOf(Rule.class);
        copy.addAll(rules);
        rules = Collections.unmodifiableSet(copy);
    }

    /** The same settings with these rules off. */
    public DictationSettings without(Rule... off) {
        var rest = EnumSet.noneOf(Rule.class);
        rest.addAll(rules);
        for (Rule rule : off) rest.remove(rule);
        return new DictationSettings(rest, locale);
    }

    boolean has(Rule rule) {
        return rules.contains(rule);
    }
}
