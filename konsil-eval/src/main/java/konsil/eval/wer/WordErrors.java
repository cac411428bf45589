package konsil.eval.wer;

import java.util.List;
import java.util.Optional;
import konsil.tensor.BadInputException;

/**
 * Errors of many utterances under one normaliser.
 *
 * @param utterances in their order
 */
public record WordErrors(Normaliser normaliser, List<Scored> utterances) {
    public WordErrors {
        utterances = List.copyOf(utterances);
    }

    /**
     * One utterance.
     *
     * @param words its words
     * @param characters its characters, the single spaces between words among them; none if a side has over 100,000
     */
    public record Scored(String id, Alignment words, Optional<CharacterErrors> characters) {}

    /**
     * @param errors fewest substitutions, deletions and insertions of characters
     * @param reference characters of the reference
     */
    public record CharacterErrors(long errors, long reference) {
        static Optional<CharacterErrors> of(String reference, String hypothesis) {
            int[] ref = reference.codePoints().toArray();
            int[] hyp = hypothesis.codePoints().toArray();
            if (Math.max(ref.length, hyp.length) > Aligner.LONGEST) return Optional.empty();
            return Optional.of(new CharacterErrors(Aligner.distance(ref, hyp), ref.length));
        }
    }

    /**
     * Normalises, aligns and counts.
     *
     * @throws BadInputException if an utterance has more than 100,000 words, or no reference has a word
     */
    public static WordErrors of(List<Utterance> utterances, Normaliser normaliser) {
        var errors = new WordErrors(
                normaliser,
                utterances.stream().map(one -> scored(one, normaliser)).toList());
        if (errors.total().reference() == 0) {
            throw new BadInputException(
                    "the references hold no words (normaliser %s), so there is no rate".formatted(normaliser.label()));
        }
        return errors;
    }

    private static Scored scored(Utterance utterance, Normaliser normaliser) {
        String reference = normaliser.apply(utterance.reference());
        String hypothesis = normaliser.apply(utterance.hypothesis());
        return new Scored(
                utterance.id(), Alignment.of(reference, hypothesis), CharacterErrors.of(reference, hypothesis));
    }

    /** The counts of each utterance. */
    public List<Counts> counts() {
        return utterances.stream().map(one -> one.words().counts()).toList();
    }

    /** All of them pooled. */
    public Counts total() {
        return counts().stream().reduce(Counts.ZERO, Counts::plus);
    }

    /** Character error rate, pooled; none if an utterance is too long for it. */
    public Optional<Double> characterRate() {
        long errors = 0;
        long reference = 0;
        for (Scored one : utterances) {
            if (one.characters().isEmpty()) return Optional.empty();
            errors += one.characters().get().errors();
            reference += one.characters().get().reference();
        }
        return reference == 0 ? Optional.empty() : Optional.of((double) errors / reference);
    }
}
