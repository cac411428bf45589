package konsil.eval.golden;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The golden values of one case, by the name of their stage. @param stages row-major values, shapes left out */
record GoldenValues(Map<String, float[]> stages) {
    GoldenValues {
        stages = new LinkedHashMap<>(stages);
    }

    Optional<float[]> of(String stage) {
        return Optional.ofNullable(stages.get(stage));
    }

    /** Stages that nobody knows here. */
    List<String> unknown(Set<String> known) {
        return stages.keySet().stream().filter(stage -> !known.contains(stage)).toList();
    }
}
