package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import konsil.cli.Finding.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor's eyes, on a made-up machine. */
final class HostTest {
    @TempDir
    Path root;

    private MachineChecks machine;

    @BeforeEach
    void machine() {
        machine = new MachineChecks(new Host(root), 8);
    }

    @Test
    void processorWithTheFeaturesThatMatter() throws IOException {
        write("proc/cpuinfo", "processor\t: 0\nmodel name\t: Old Faithful 3000\nflags\t\t: fpu avx2 fma avx512_vnni\n");
        assertThat(machine.processor().value()).isEqualTo("Old Faithful 3000 (avx2 fma avx512_vnni)");
    }

    @Test
    void memoryIsWhatTheTightestGroupAllows() throws IOException {
        meminfo(64, 32);
        write("proc/self/cgroup", "0::/pod/box\n");
        write("sys/fs/cgroup/pod/box/memory.max", "max\n");
        write("sys/fs/cgroup/pod/memory.max", Long.toString(4L << 30));
        write("sys/fs/cgroup/memory.max", Long.toString(16L << 30));
        Finding memory = machine.memory();
        assertThat(memory.level()).isEqualTo(Level.NOTE);
        assertThat(memory.value()).isEqualTo("32.0 GiB of 64.0 GiB available, the container may use 4.00 GiB");
        assertThat(memory.advice()).contains("raise the container's limit");
        assertThat(memory.data()).containsEntry("container_limit_bytes", 4L << 30);
    }

    @Test
    void enoughMemoryNeedsNoAdvice() throws IOException {
        meminfo(64, 32);
        assertThat(machine.memory()).returns(Level.OK, Finding::level).returns("", Finding::advice);
    }

    @Test
    void oldGroupsAreReadToo() throws IOException {
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        assertThat(new Host(root).memoryLimit()).isEmpty();
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n");
        assertThat(new Host(root).memoryLimit()).hasValue(1L << 30);
        write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
        write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
        assertThat(new Host(root).processorLimit()).isEmpty();
        write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "150000\n");
        assertThat(new Host(root).processorLimit().orElseThrow()).isCloseTo(1.5, within(1e-9));
    }

    @Test
    void processorLimitOfTheContainer() throws IOException {
        write("sys/fs/cgroup/cpu.max", "250000 100000\n");
        assertThat(machine.coreCount())
                .returns(Level.NOTE, Finding::level)
                .returns("8, held to 2.50 by the container", Finding::value);
        write("sys/fs/cgroup/cpu.max", "max 100000\n");
        assertThat(machine.coreCount()).returns("8", Finding::value).returns(Level.OK, Finding::level);
    }

    @Test
    void hugePagesSwitchedOff() throws IOException {
        write("sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
        assertThat(machine.hugePages()).returns(Level.NOTE, Finding::level);
        assertThat(machine.hugePages().advice()).contains("echo madvise");
        write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
        assertThat(machine.hugePages()).returns(Level.OK, Finding::level);
    }

    @Test
    void lockedMemoryLimit() throws IOException {
        write("proc/self/limits", "Limit  Soft Limit  Hard Limit  Units\nMax locked memory  65536  65536  bytes\n");
        assertThat(machine.lockedMemory().value()).startsWith("at most 64.0 KiB");
        write("proc/self/limits", "Max locked memory  unlimited  unlimited  bytes\n");
        assertThat(machine.lockedMemory().value()).isEqualTo("not limited");
    }

    @Test
    void otherSystemsHaveNoSuchFiles() {
        assertThat(machine.memory()).returns("unknown on this system", Finding::value);
        assertThat(machine.hugePages()).returns("unknown on this system", Finding::value);
        assertThat(machine.processor().value()).isNotBlank();
        assertThat(machine.coreCount()).returns("8", Finding::value);
    }

    @Test
    void brokenFilesAreAsGoodAsNone() throws IOException {
        write("proc/meminfo", "MemTotal: many kB\nMemAvailable\n");
        write("sys/fs/cgroup/cpu.max", "fast 0\n");
        write("proc/self/limits", "Max locked memory\n");
        Files.write(
                Files.createDirectories(root.resolve("sys/kernel/mm/transparent_hugepage"))
                        .resolve("enabled"),
                new byte[] {(byte) 0xff, '[', ']', (byte) 0xfe});
        assertThat(machine.findings(List.of())).extracting(Finding::level).containsOnly(Level.OK);
    }

    @Test
    void missingFolderIsNoted() {
        assertThat(MachineChecks.disk(root.resolve("gone"))).returns(Level.NOTE, Finding::level);
        assertThat(MachineChecks.disk(root).data()).containsKey("free_bytes");
    }

    private void meminfo(long total, long available) throws IOException {
        write(
                "proc/meminfo",
                "MemTotal:  %d kB\nMemFree: 1 kB\nMemAvailable:  %d kB\n".formatted(total << 20, available << 20));
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
