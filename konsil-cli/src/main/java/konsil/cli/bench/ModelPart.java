package konsil.cli.bench;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import konsil.tensor.BadInputException;

/** What can be measured of a model, each by itself. */
enum ModelPart {
    PREFILL,
    DECODE,
    BATCH,
    IMAGE,
    FOLLOW_UP,
    MEMORY,
    /** Long: left out unless asked for. */
    CURVE;

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Everything that is measured when nothing is said. */
    static Set<ModelPart> usual() {
        return EnumSet.complementOf(EnumSet.of(CURVE));
    }

    /** @throws BadInputException naming the parts there are */
    static ModelPart named(String word) {
        return Arrays.stream(values())
                .filter(part -> part.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new BadInputException("--only: want one of %s, got %s"
                        .formatted(
                                Arrays.stream(values()).map(ModelPart::word).collect(Collectors.joining(", ")), word)));
    }
}
