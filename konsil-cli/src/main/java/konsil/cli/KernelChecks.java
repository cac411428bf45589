package konsil.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import konsil.kernel.KernelChoice;

/**
 * What the doctor finds out about the kernels.
 *
 * @param forced what -Dkonsil.kernels asks for, empty if nothing
 * @param choice picks the kernels when asked
 */
record KernelChecks(String forced, Supplier<KernelChoice> choice) {
    List<Finding> findings() {
        try {
            KernelChoice chosen = choice.get();
            return List.of(kernels(chosen), executableMemory(chosen));
        } catch (IllegalArgumentException wrong) {
            Map<String, Object> data = Map.of("forced", forced);
            String advice = "Leave -D" + KernelChoice.PROPERTY + " out, or correct it.";
            return List.of(Finding.problem("kernels", wrong.getMessage(), advice, data));
        } catch (LinkageError missing) {
            String advice = "Start Konsil with ./konsil, which passes the flags in jvm.options.";
            return List.of(Finding.problem("kernels", "cannot be loaded: " + missing.getMessage(), advice, Map.of()));
        }
    }

    private Finding kernels(KernelChoice chosen) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", chosen.kernels().name());
        data.put("description", chosen.kernels().describe());
        data.put("reasons", chosen.reasons());
        if (!forced.isEmpty()) data.put("forced", forced);
        chosen.features().ifPresent(features -> data.put("missing_features", features.missing()));
        if (!forced.isEmpty()) {
            String advice = "Leave -D" + KernelChoice.PROPERTY + "=" + forced + " out for the fastest.";
            return Finding.note("kernels", chosen.describe() + ", as asked for", advice, data);
        }
        if (chosen.reasons().isEmpty()) return Finding.ok("kernels", chosen.describe(), data);
        return Finding.note("kernels", chosen.describe(), advice(chosen), data);
    }

    private static String advice(KernelChoice chosen) {
        boolean selfTestFailed =
                chosen.features().filter(features -> features.enough()).isPresent();
        if (selfTestFailed) return "Results stay right. Report this line together with the processor above.";
        if (isRefused(chosen)) return "Allow executable memory, see below.";
        return "Nothing to mend: these are the fastest kernels for this machine.";
    }

    private static Finding executableMemory(KernelChoice chosen) {
        String topic = "executable memory";
        if (chosen.features().isPresent()) return Finding.ok(topic, "allowed", Map.of("allowed", true));
        if (!isRefused(chosen)) return Finding.ok(topic, "not tried", Map.of());
        String advice = "Allow it for this program: MemoryDenyWriteExecute=no in a systemd unit, execmem in SELinux.";
        return Finding.note(topic, "refused, so no machine code", advice, Map.of("allowed", false));
    }

    private static boolean isRefused(KernelChoice chosen) {
        return chosen.reasons().stream().anyMatch(reason -> reason.contains("refused"));
    }
}
