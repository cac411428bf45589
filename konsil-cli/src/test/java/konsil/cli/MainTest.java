package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

final class MainTest {
    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V"})
    void version(String flag) {
        assertThat(Run.of(flag)).isEqualTo(new Run(0, "konsil 0.1.0" + System.lineSeparator(), ""));
    }

    @Test
    void versionIsThePoms() throws IOException {
        assertThat(Files.readString(Path.of("..", "pom.xml"))).contains("<version>" + Main.VERSION + "</version>");
    }

    @Test
    void helpNamesEveryVerbAndEveryExitCode() {
        Run help = Run.of("--help");
        assertThat(help.exit()).isZero();
        assertThat(help.out())
                .contains("doctor", "Not a medical device", "Exit codes:")
                .doesNotContain("rehearse");
        for (Exit exit : Exit.values()) assertThat(help.out()).contains(exit.meaning());
    }

    @Test
    void nothingAskedIsAUsageErrorThatShowsTheHelp() {
        Run run = Run.of();
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).contains("Usage: konsil");
    }

    @Test
    void unknownVerbGetsASuggestion() {
        Run run = Run.of("docter");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("'docter'", "konsil doctor", "Try: konsil --help");
    }

    @Test
    void unknownOptionNamesTheVerbsHelp() {
        Run run = Run.of("doctor", "--jsn");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("'--jsn'", "--json", "Try: konsil doctor --help");
    }

    @Test
    void progressIsTheCallersChoice() {
        var seen = new ArrayList<Progress.Mode>();
        Command verb = new Command() {
            @Override
            public CommandSpec spec() {
                return Options.verb("work", "Works.", "work");
            }

            @Override
            public Exit run(ParseResult arguments, Output output) {
                seen.add(output.progress());
                return Exit.OK;
            }
        };
        Run.of(List.of(verb), "work");
        Run.of(List.of(verb), "work", "--progress", "json");
        assertThat(seen).containsExactly(Progress.Mode.SILENT, Progress.Mode.JSON);
        Run wrong = Run.of(List.of(verb), "work", "--progress", "loud");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("--progress", "'loud'");
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyVerbHelpsWithAnExample(String verb) {
        Run help = Run.of(verb, "--help");
        assertThat(help.exit()).isZero();
        assertThat(help.out()).contains("Usage: konsil " + verb, "Examples:", "  konsil " + verb, "--help", "--debug");
        assertThat(help.err()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyExampleIsUnderstood(String verb) {
        Command command = Main.verbs().stream()
                .filter(each -> each.spec().name().equals(verb))
                .findFirst()
                .orElseThrow();
        for (String example : command.spec().usageMessage().footer()) {
            List<String> words = words(example);
            assertThat(words).startsWith("konsil", verb);
            String[] arguments = words.subList(2, words.size()).toArray(String[]::new);
            assertThat(new CommandLine(command.spec()).parseArgs(arguments).unmatched())
                    .isEmpty();
        }
    }

    /** As a shell splits them: at blanks, but for those in quotes. */
    private static List<String> words(String line) {
        return Pattern.compile("'([^']*)'|\"([^\"]*)\"|\\S+")
                .matcher(line)
                .results()
                .map(word -> word.group().replaceAll("^['\"]|['\"]$", ""))
                .toList();
    }

    static Stream<String> verbs() {
        return Main.verbs().stream().map(command -> command.spec().name());
    }
}
