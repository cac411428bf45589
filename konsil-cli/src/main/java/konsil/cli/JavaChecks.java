package konsil.cli;

import java.util.List;
import java.util.Map;

/**
 * What the doctor finds out about the Java it runs in.
 *
 * @param flags the JVM's own arguments
 */
record JavaChecks(Host host, Runtime.Version version, List<String> flags) {
    private static final String CACHE_FLAG = "-XX:AOTCache=";
    private static final String START_SCRIPT = "Start Konsil with ./konsil, which passes the flags in jvm.options.";

    List<Finding> findings() {
        return List.of(jdk(), heap(), flagList(), vectorModule(), nativeAccess(), startCache());
    }

    Finding jdk() {
        String vendor = System.getProperty("java.vendor", "");
        String home = System.getProperty("java.home", "");
        Map<String, Object> data = Map.of("version", version.toString(), "vendor", vendor, "home", home);
        String value = "%s, %s, %s".formatted(version, vendor, home);
        return JavaVersion.refusal(version)
                .map(reason -> Finding.problem("JDK", value, reason, data))
                .orElseGet(() -> Finding.ok("JDK", value, data));
    }

    Finding heap() {
        long bytes = Runtime.getRuntime().maxMemory();
        String value = Sizes.text(bytes) + " at most (weights are mapped, outside of it)";
        return Finding.ok("Java heap", value, Map.of("limit_bytes", bytes));
    }

    Finding flagList() {
        return Finding.ok("JVM flags", String.join(" ", flags), Map.of("flags", flags));
    }

    Finding vectorModule() {
        boolean there = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        Map<String, Object> data = Map.of("available", there);
        if (there) return Finding.ok("Vector API", "available", data);
        return Finding.problem("Vector API", "module not loaded: only scalar loops", START_SCRIPT, data);
    }

    Finding nativeAccess() {
        boolean enabled = JavaChecks.class.getModule().isNativeAccessEnabled();
        Map<String, Object> data = Map.of("enabled", enabled);
        if (enabled) return Finding.ok("native access", "enabled", data);
        return Finding.problem("native access", "not enabled: no machine-code kernels", START_SCRIPT, data);
    }

    /** The JVM maps the cache file if it uses it; a cache of another JDK or class path it leaves alone, in silence. */
    Finding startCache() {
        String file = flags.stream()
                .filter(flag -> flag.startsWith(CACHE_FLAG))
                .map(flag -> flag.substring(CACHE_FLAG.length()))
                .findFirst()
                .orElse("");
        if (file.isEmpty()) return Finding.ok("start cache", "none", Map.of("used", false));
        boolean mapped = host.lines("proc/self/maps").anyMatch(line -> line.endsWith(file));
        Map<String, Object> data = Map.of("used", mapped, "file", file);
        if (mapped) return Finding.ok("start cache", "used: " + file, data);
        String advice = "Delete the .konsil folder beside ./konsil; the next start builds it anew.";
        return Finding.note("start cache", "not used: " + file, advice, data);
    }
}
