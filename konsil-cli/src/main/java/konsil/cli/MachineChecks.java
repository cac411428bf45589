package konsil.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the doctor finds out about processor, memory and disk. */
record MachineChecks(Host host, int cores) {
    /** Instruction sets worth telling, as Linux names them, x86 and Arm. */
    private static final List<String> FEATURES = List.of(
            "avx",
            "avx2",
            "fma",
            "f16c",
            "avx512f",
            "avx512bw",
            "avx512vl",
            "avx512_vnni",
            "avx512_bf16",
            "avx512_fp16",
            "avx_vnni",
            "amx_bf16",
            "amx_int8",
            "amx_tile",
            "asimd",
            "asimddp",
            "i8mm",
            "bf16",
            "sve",
            "sve2");

    /** A 4-bit MedGemma 4B with its context and pictures; less works for the small models. */
    private static final long COMFORTABLE_MEMORY = 8L << 30;

    private static final long COMFORTABLE_DISK = 10L << 30;

    List<Finding> findings(List<Path> folders) {
        List<Finding> all = new ArrayList<>(List.of(processor(), coreCount(), memory(), hugePages(), lockedMemory()));
        for (Path folder : folders) all.add(disk(folder));
        return all;
    }

    Finding processor() {
        String model = host.field("proc/cpuinfo", "model name").orElse(System.getProperty("os.arch"));
        Set<String> flags = new TreeSet<>();
        host.field("proc/cpuinfo", "flags")
                .or(() -> host.field("proc/cpuinfo", "Features"))
                .ifPresent(words -> flags.addAll(List.of(words.split("\\s+", -1))));
        List<String> known = FEATURES.stream().filter(flags::contains).toList();
        Map<String, Object> data = Map.of("model", model, "features", known);
        String value = known.isEmpty() ? model : model + " (" + String.join(" ", known) + ")";
        return Finding.ok("processor", value, data);
    }

    Finding coreCount() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("count", cores);
        var limit = host.processorLimit();
        limit.ifPresent(processors -> data.put("container_limit", processors));
        if (limit.isEmpty() || limit.get() >= cores) return Finding.ok("cores", Integer.toString(cores), data);
        String value = String.format(Locale.ROOT, "%d, held to %.2f by the container", cores, limit.get());
        return Finding.note("cores", value, "Give the container whole processors: a held thread stalls all.", data);
    }

    Finding memory() {
        var total = host.memory("MemTotal");
        var available = host.memory("MemAvailable");
        if (total.isEmpty() || available.isEmpty()) return Finding.ok("memory", "unknown on this system", Map.of());
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("total_bytes", total.getAsLong());
        data.put("available_bytes", available.getAsLong());
        var limit = host.memoryLimit();
        limit.ifPresent(bytes -> data.put("container_limit_bytes", bytes));
        long usable = Math.min(available.getAsLong(), limit.orElse(Long.MAX_VALUE));
        String value = Sizes.text(available.getAsLong()) + " of " + Sizes.text(total.getAsLong()) + " available";
        if (limit.isPresent() && limit.getAsLong() < total.getAsLong()) {
            value += ", the container may use " + Sizes.text(limit.getAsLong());
        }
        if (usable >= COMFORTABLE_MEMORY) return Finding.ok("memory", value, data);
        String advice = "MedGemma 4B wants about %s: close programs, or raise the container's limit."
                .formatted(Sizes.text(COMFORTABLE_MEMORY));
        return Finding.note("memory", value, advice, data);
    }

    Finding hugePages() {
        var state = host.choice("sys/kernel/mm/transparent_hugepage/enabled");
        if (state.isEmpty()) return Finding.ok("huge pages", "unknown on this system", Map.of());
        Map<String, Object> data = Map.of("transparent", state.get());
        if (!state.get().equals("never")) return Finding.ok("huge pages", "transparent: " + state.get(), data);
        String advice = "As root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled";
        return Finding.note("huge pages", "transparent: never, so large matrices are slower", advice, data);
    }

    Finding lockedMemory() {
        var limit = host.limit("Max locked memory");
        if (limit.isEmpty()) return Finding.ok("locked memory", "not limited", Map.of());
        Map<String, Object> data = Map.of("limit_bytes", limit.getAsLong());
        return Finding.ok("locked memory", "at most " + Sizes.text(limit.getAsLong()) + " (Konsil locks none)", data);
    }

    static Finding disk(Path folder) {
        String topic = "disk " + folder;
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            Map<String, Object> data = Map.of("folder", folder.toString(), "free_bytes", free);
            String value = Sizes.text(free) + " free";
            if (!Files.isWritable(folder)) return Finding.note(topic, value + ", not writable", "", data);
            if (free >= COMFORTABLE_DISK) return Finding.ok(topic, value, data);
            String advice = "A packed MedGemma 4B takes 3 to 9 GiB beside the download: make room.";
            return Finding.note(topic, value, advice, data);
        } catch (IOException e) {
            return Finding.note(topic, "cannot be read", "Check that the folder exists.", Map.of());
        }
    }
}
