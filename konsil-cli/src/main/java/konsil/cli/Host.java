package konsil.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What Linux tells about itself in text files. On other systems the files are missing and everything is empty.
 *
 * @param root "/", or a folder that stands for it
 */
record Host(Path root) {
    /** The whole file, or empty if it cannot be read. */
    Optional<String> text(String path) {
        try {
            return Optional.of(Files.readString(root.resolve(path)));
        } catch (IOException missingOrBinary) {
            return Optional.empty();
        }
    }

    /** The value of the first line "key : value". */
    Optional<String> field(String path, String key) {
        return lines(path)
                .filter(line -> line.startsWith(key) && line.contains(":"))
                .filter(line -> line.substring(0, line.indexOf(':')).strip().equals(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    /** A line of /proc/meminfo, in bytes. */
    OptionalLong memory(String key) {
        return field("proc/meminfo", key)
                .map(value -> value.replace("kB", "").strip())
                .flatMap(Host::number)
                .map(kilobytes -> OptionalLong.of(kilobytes * 1024))
                .orElse(OptionalLong.empty());
    }

    /** The memory limit of this process's control group (version 2 or 1), in bytes; empty if there is none. */
    OptionalLong memoryLimit() {
        return groupFiles("memory.max", "memory/memory.limit_in_bytes")
                .flatMap(text -> number(text.strip()).stream())
                .mapToLong(Long::longValue)
                .filter(bytes -> bytes < Long.MAX_VALUE / 2)
                .min();
    }

    /** How many processors' time the control group (version 2 or 1) may use. */
    Optional<Double> processorLimit() {
        Optional<Double> second = groupFiles("cpu.max", "")
                .map(text -> text.strip().split(" ", -1))
                .filter(parts -> parts.length == 2)
                .flatMap(parts -> ratio(number(parts[0]), number(parts[1])).stream())
                .min(Double::compare);
        if (second.isPresent()) return second;
        var quota = text("sys/fs/cgroup/cpu/cpu.cfs_quota_us").flatMap(text -> number(text.strip()));
        var period = text("sys/fs/cgroup/cpu/cpu.cfs_period_us").flatMap(text -> number(text.strip()));
        return ratio(quota, period);
    }

    /** No limit is written as a word or as -1. */
    private static Optional<Double> ratio(Optional<Long> quota, Optional<Long> period) {
        if (quota.isEmpty() || period.isEmpty() || quota.get() <= 0 || period.get() <= 0) return Optional.empty();
        return Optional.of((double) quota.get() / period.get());
    }

    /** The soft limit of /proc/self/limits; empty for "unlimited" or if unknown. */
    OptionalLong limit(String name) {
        return lines("proc/self/limits")
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+", -1)[0])
                .flatMap(value -> number(value).stream())
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /** The choice in brackets of a file like "always [madvise] never". */
    Optional<String> choice(String path) {
        return text(path)
                .filter(text -> text.indexOf('[') >= 0 && text.indexOf(']') > text.indexOf('['))
                .map(text -> text.substring(text.indexOf('[') + 1, text.indexOf(']')));
    }

    Stream<String> lines(String path) {
        return text(path).map(String::lines).orElse(Stream.empty());
    }

    /** The file in this process's own group and in every group above it: the tightest limit holds. */
    private Stream<String> groupFiles(String second, String first) {
        String group = lines("proc/self/cgroup")
                .filter(line -> line.startsWith("0::/"))
                .map(line -> line.substring("0::/".length()))
                .findFirst()
                .orElse("");
        Stream<String> above = Stream.iterate(
                        Path.of(group), path -> path != null && !path.toString().isEmpty(), Path::getParent)
                .map(path -> "sys/fs/cgroup/" + path + "/" + second);
        return Stream.concat(above, List.of("sys/fs/cgroup/" + second, "sys/fs/cgroup/" + first).stream())
                .filter(path -> !path.endsWith("/"))
                .flatMap(path -> text(path).stream());
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException word) {
            return Optional.empty();
        }
    }
}
