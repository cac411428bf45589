package konsil.clinic.dictation;

import java.util.Optional;
import java.util.Set;
import konsil.clinic.dictation.NumberWords.Whole;

/** Levels of the spine: "L four" is L4; two neighbours, "L four five" or "L five S one", are a disc level. */
final class Vertebrae implements PhraseRule {
    private static final String REGIONS = "CTLS";
    private static final int[] LEVELS = {8, 12, 6, 5}; // C8 is a nerve root; L6 is a variant
    private static final Set<String> OTHER_LETTERS =
            Set.of("vitamin", "hepatitis", "type", "group", "factor", "protein", "pugh", "class", "grade", "stage");

    @Override
    public Optional<Phrase> at(Words words, int i) {
        if (OTHER_LETTERS.contains(words.at(i - 1))) return Optional.empty();
        var upper = level(words, i);
        if (upper.isEmpty()) return Optional.empty();
        int next = i + upper.get().tokens();
        return pair(words, upper.get(), next)
                .map(lower -> new Phrase(next + lower.tokens() - i, upper.get().name() + "-" + lower.name()))
                .or(() -> Optional.of(upper.get())
                        .filter(level -> level.tokens() > 1 && !isQuantity(words, next))
                        .map(level -> new Phrase(level.tokens(), level.name())));
    }

    private record Level(int region, int number, int tokens) {
        String name() {
            return REGIONS.charAt(region) + Integer.toString(number);
        }

        /** Counted from C1 downwards; the regions meet at C7-T1, T12-L1 and L5-S1. */
        boolean isJustAbove(Level lower) {
            if (region == lower.region) return lower.number == number + 1;
            int last = region == 0 ? 7 : region == 1 ? 12 : 5;
            return lower.region == region + 1 && number == last && lower.number == 1;
        }
    }

    /** "L four", "L 4" or, in one token, "L4". */
    private static Optional<Level> level(Words words, int i) {
        String said = words.said(i);
        if (said.isEmpty()) return Optional.empty();
        int region = REGIONS.indexOf(said.charAt(0));
        if (region < 0) return Optional.empty();
        if (said.length() > 1) {
            if (!said.substring(1).matches("[0-9]{1,2}")) return Optional.empty();
            return Optional.of(new Level(region, Integer.parseInt(said.substring(1)), 1))
                    .filter(Vertebrae::exists);
        }
        return number(words, i + 1)
                .map(number -> new Level(region, number.value(), number.tokens() + 1))
                .filter(Vertebrae::exists);
    }

    private static boolean exists(Level level) {
        return level.number() >= 1 && level.number() <= LEVELS[level.region()];
    }

    private static Optional<Whole> number(Words words, int i) {
        String word = words.at(i);
        if (word.matches("[0-9]{1,2}")) return Optional.of(new Whole(Integer.parseInt(word), 1));
        return NumberWords.belowHundred(words, i);
    }

    private static Optional<Level> pair(Words words, Level upper, int next) {
        return level(words, next)
                .or(() -> number(words, next).map(number -> new Level(upper.region(), number.value(), number.tokens())))
                .filter(lower ->
                        exists(lower) && upper.isJustAbove(lower) && !isQuantity(words, next + lower.tokens()));
    }

    /** The number before belongs to a quantity or a longer number rather than to a level. */
    private static boolean isQuantity(Words words, int i) {
        return Units.at(words, i).isPresent() || words.at(i).matches("point|by|x|over|hundred|thousand");
    }
}
