package konsil.cli;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Short forms for describing a verb to picocli by its plain builder calls: no annotations, so no reflection. */
public final class Options {
    /** Results as JSON on standard output; every verb with something to report takes it. */
    public static final String JSON = "--json";

    private Options() {}

    /**
     * A verb's description, to which the caller adds options.
     *
     * @param examples at least one whole command line, without the leading "konsil"
     * @throws IllegalArgumentException if there is no example
     */
    public static CommandSpec verb(String name, String summary, String... examples) {
        if (examples.length == 0) throw new IllegalArgumentException(name + ": a verb needs an example");
        CommandSpec spec = CommandSpec.create().name(name);
        spec.usageMessage()
                .description(summary)
                .footerHeading("%nExamples:%n")
                .footer(Arrays.stream(examples)
                        .map(example -> "  konsil " + example.replace("%", "%%"))
                        .toArray(String[]::new));
        return spec;
    }

    /** A switch, read by {@code arguments.hasMatchedOption(name)}. */
    public static OptionSpec flag(String name, String summary) {
        return OptionSpec.builder(name)
                .arity("0")
                .type(boolean.class)
                .description(summary)
                .build();
    }

    /** The {@link #JSON} switch. */
    public static OptionSpec json() {
        return flag(JSON, "Print the result as JSON.");
    }

    /** An option with one value, read by {@code arguments.matchedOptionValue(name, fallback)}. */
    public static OptionSpec option(String name, String label, Class<?> type, String summary) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(type)
                .arity("1")
                .description(summary)
                .build();
    }

    /** An option that may be given several times, read by {@code arguments.matchedOptionValue(name, List.of())}. */
    public static OptionSpec list(String name, String label, Class<?> type, String summary) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(type)
                .arity("1")
                .description(summary)
                .build();
    }

    /** A required argument, read by {@code arguments.matchedPositionalValue(index, null)}. */
    public static PositionalParamSpec argument(int index, String label, Class<?> type, String summary) {
        return PositionalParamSpec.builder()
                .index(Integer.toString(index))
                .paramLabel(label)
                .type(type)
                .arity("1")
                .required(true)
                .description(summary)
                .build();
    }

    /** An argument that may be left out. */
    static PositionalParamSpec optional(int index, String label, Class<?> type, String summary) {
        return argument(index, label, type, summary).toBuilder()
                .arity("0..1")
                .required(false)
                .build();
    }
}
