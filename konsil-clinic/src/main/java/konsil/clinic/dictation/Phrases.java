package konsil.clinic.dictation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import konsil.clinic.dictation.PhraseRule.Phrase;

/** Puts phrases in place of the words that say them: the first rule that fits, from left to right. */
final class Phrases {
    private final List<PhraseRule> rules;

    Phrases(DictationSettings settings) {
        rules = Stream.of(Rule.DATES, Rule.STAGES, Rule.VERTEBRAE, Rule.BLOOD_PRESSURE, Rule.NUMBERS)
                .filter(settings::has)
                .map(Phrases::ruleOf)
                .toList();
    }

    private static PhraseRule ruleOf(Rule rule) {
        return switch (rule) {
            case DATES -> new Dates();
            case STAGES -> new Stages();
            case VERTEBRAE -> new Vertebrae();
            case BLOOD_PRESSURE -> new BloodPressure();
            case NUMBERS -> new Quantities();
            case COMMANDS, REPAIRS, HEADINGS, CAPITALS, SCRATCH_THAT ->
                throw new IllegalArgumentException(rule + " is no rule for phrases");
        };
    }

    List<Token> apply(List<Token> tokens) {
        var words = new Words(tokens);
        List<Token> result = new ArrayList<>();
        int free = 0; // the first token that no phrase has taken
        for (int i = 0; i < tokens.size(); ) {
            boolean midNumber = i > free && NumberWords.isPart(words.at(i)) && NumberWords.isPart(words.at(i - 1));
            var phrase = midNumber || words.at(i).isEmpty() ? Optional.<Phrase>empty() : first(words, i);
            if (phrase.isPresent()) {
                int end = i + phrase.get().tokens();
                result.add(rewritten(tokens, i, end, phrase.get().text()));
                free = end;
                i = end;
            } else {
                result.add(tokens.get(i++));
            }
        }
        return result;
    }

    private Optional<Phrase> first(Words words, int i) {
        for (PhraseRule rule : rules) {
            var phrase = rule.at(words, i);
            if (phrase.isPresent()) return phrase;
        }
        return Optional.empty();
    }

    private static Token rewritten(List<Token> tokens, int start, int end, String text) {
        Token first = tokens.get(start);
        return Token.of(
                Token.Kind.REWRITTEN,
                text,
                first.rawStart(),
                tokens.get(end - 1).rawEnd(),
                first.spaced());
    }
}
