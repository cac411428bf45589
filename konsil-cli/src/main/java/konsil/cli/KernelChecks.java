package konsil.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import konsil.kernel.KernelChoice;
import konsil.kernel.Workers;

/** What the doctor finds out about the kernels: which run here, and why not faster ones. */
final class KernelChecks {
    private KernelChecks() {}

    static Finding kernels() {
        try (var workers = Workers.forThisMachine()) {
            return finding(KernelChoice.best(workers));
        } catch (IllegalArgumentException wrongName) {
            return Finding.problem("kernels", "none", wrongName.getMessage(), Map.of());
        }
    }

    static Finding finding(KernelChoice choice) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", choice.kernels().name());
        data.put("description", choice.kernels().describe());
        data.put("reasons", choice.reasons());
        choice.features().ifPresent(features -> data.put("missing_features", features.missing()));
        if (choice.reasons().isEmpty())
            return Finding.ok("kernels", choice.kernels().describe(), data);
        String why = "Not the fastest there are: " + String.join("; ", choice.reasons()) + ".";
        return Finding.note("kernels", choice.kernels().describe(), why, data);
    }
}
