package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Ctrl-C while somebody dictates, sent to a process of its own. */
@Timeout(180)
final class LiveInterruptionTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static Process start() throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + ROOT.resolve("jvm.options"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "konsil.cli.Main", "transcribe"));
        command.addAll(List.of("--model", ROOT.resolve("golden/lasr-a").toString(), "--quant", "exact"));
        command.add("--microphone-stdin");
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String next(BufferedReader lines, String event) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("{\"event\":\"" + event + "\"")) {
                return line;
            }
        }
        throw new AssertionError("no event " + event);
    }

    /** A process inherits what its parent ignores, as shells do for what runs in the background (signal(7)). */
    private static boolean heedsInterrupts() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .noneMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
        }
    }

    /** The pipe stays open, as a microphone's does: nothing but the signal can end this. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatWasSaidUntilThenComesOut() throws IOException, InterruptedException {
        assumeTrue(heedsInterrupts(), "whoever started this build ignores interrupts, and so would what it starts");
        byte[] sound = TranscribeTest.pcm(TranscribeTest.speech(4));
        var process = start();
        try (var lines = process.inputReader();
                var microphone = process.getOutputStream()) {
            microphone.write(Arrays.copyOf(sound, sound.length - 4 * 16_000)); // without the quiet behind it
            microphone.flush();
            next(lines, "start");
            next(lines, "stable");
            var kill = new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start();
            assertThat(kill.waitFor()).isZero();
            assertThat(next(lines, "segment")).contains("\"raw\":\"", "\"words\":[{\"text\":");
            assertThat(lines.readLine()).isNull();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(Exit.INTERRUPTED.code());
        } finally {
            process.destroyForcibly();
        }
    }
}
