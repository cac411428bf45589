package konsil.clinic.dictation;

import java.util.Optional;
import konsil.clinic.dictation.NumberWords.Whole;

/** "120 over 80", "one twenty over eighty": two numbers that can be a blood pressure in mmHg. */
final class BloodPressure implements PhraseRule {
    private static final int LOWEST = 20;
    private static final int HIGHEST = 300;

    @Override
    public Optional<Phrase> at(Words words, int i) {
        var systolic = pressure(words, i);
        if (systolic.isEmpty()) return Optional.empty();
        int over = i + systolic.get().tokens();
        if (!words.at(over).equals("over")) return Optional.empty();
        var diastolic = pressure(words, over + 1);
        if (diastolic.isEmpty()) return Optional.empty();
        int high = systolic.get().value();
        int low = diastolic.get().value();
        int end = over + 1 + diastolic.get().tokens();
        boolean likely = low >= LOWEST && high > low && high >= 2 * LOWEST && high <= HIGHEST;
        if (!likely || NumberWords.isPart(words.at(end))) return Optional.empty();
        return Optional.of(new Phrase(end - i, high + "/" + low));
    }

    private static Optional<Whole> pressure(Words words, int i) {
        int hundreds = NumberWords.digit(words.at(i));
        if (hundreds >= 1 && hundreds <= 2) {
            var rest = NumberWords.belowHundred(words, i + 1).filter(tens -> tens.value() >= 10);
            if (rest.isPresent()) {
                return Optional.of(new Whole(
                        hundreds * 100 + rest.get().value(), rest.get().tokens() + 1));
            }
        }
        return NumberWords.whole(words, i);
    }
}
