package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Stream;
import konsil.media.BadMediaException;
import konsil.tensor.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** What a person sees, and what a program gets, for each way a verb can fail. */
final class FailuresTest {
    @ParameterizedTest
    @MethodSource("failures")
    void oneMessageAndAnExitCode(Throwable failure, Exit exit, String message) {
        Run run = Run.of(List.of(new Failing(failure)), "fail");
        assertThat(run.exit()).isEqualTo(exit.code());
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("konsil: ").contains(message).doesNotContain("\tat ");
        assertThat(run.err().lines()).hasSize(1);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                argumentSet("input", new BadInputException("a.gguf: not GGUF"), Exit.BAD_INPUT, "konsil: a.gguf: not"),
                argumentSet("image", new BadMediaException("a.png", "is cut"), Exit.BAD_INPUT, "konsil: a.png: is cut"),
                argumentSet("missing", new NoSuchFileException("x/y"), Exit.BAD_INPUT, "x/y: no such file or folder"),
                argumentSet("denied", new AccessDeniedException("x"), Exit.BAD_INPUT, "x: access denied"),
                argumentSet("exists", new FileAlreadyExistsException("x"), Exit.BAD_INPUT, "x: exists already"),
                argumentSet("io", new IOException("x: broken"), Exit.BAD_INPUT, "konsil: x: broken"),
                argumentSet("io without words", new IOException(), Exit.BAD_INPUT, "konsil: IOException"),
                argumentSet("full", new IOException("No space left on device"), Exit.ENVIRONMENT, "disk is full"),
                argumentSet(
                        "full, file",
                        new FileSystemException("x", null, "No space left on device"),
                        Exit.ENVIRONMENT,
                        "x: No space left"),
                argumentSet("machine", new EnvironmentException("needs X"), Exit.ENVIRONMENT, "konsil: needs X"),
                argumentSet("memory", new OutOfMemoryError("heap"), Exit.ENVIRONMENT, "KONSIL_JAVA_OPTIONS=-Xmx"),
                argumentSet("bug", new IllegalStateException("odd"), Exit.FAULT, "fault in Konsil"),
                argumentSet("deep bug", new StackOverflowError(), Exit.FAULT, "StackOverflowError"));
    }

    @Test
    void debugShowsTheTrace() {
        Run run = Run.of(List.of(new Failing(new BadInputException("bad"))), "fail", "--debug");
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).startsWith("konsil: bad").contains("\tat konsil.cli.FailuresTest");
    }

    @Test
    void verbWithoutAnExampleIsRefused() {
        assertThatThrownBy(() -> Options.verb("silent", "Does things."))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("silent");
    }

    private record Failing(Throwable failure) implements Command {
        @Override
        public CommandSpec spec() {
            return Options.verb("fail", "Fails.", "fail");
        }

        @Override
        public Exit run(ParseResult arguments, Output output) throws IOException {
            switch (failure) {
                case IOException io -> throw io;
                case RuntimeException wrong -> throw wrong;
                case Error error -> throw error;
                default -> throw new AssertionError(failure);
            }
        }
    }
}
