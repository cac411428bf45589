package konsil.train.lora;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Json;

/** Which matrices an adapter is put on. */
public sealed interface Targets {
    /** Every matrix of every layer, as PEFT's "all-linear": not the embedding, the output and the projector. */
    String ALL_LINEAR = "all-linear";

    /** Matrices of these names in every layer. @param vision whether those of the image tower, too */
    record Leaves(Set<String> names, boolean vision) implements Targets {
        public Leaves {
            names = Set.copyOf(names);
        }
    }

    /** Matrices whose whole name matches, as transformers 5 has it: "model.language_model.layers.3.mlp.up_proj". */
    record Regex(Pattern pattern) implements Targets {}

    /**
     * Those that an adapter has which was read.
     *
     * @param written what its file says of them
     * @param ranks its rank_pattern
     * @param alphas its alpha_pattern
     */
    record AsRead(Json written, Json ranks, Json alphas) implements Targets {}

    /**
     * Understands what stands on a command line.
     *
     * @param text "all-linear", names with commas between them, or a regular expression, told by its other characters
     * @param vision whether the image tower gets adapters, too; an expression says so itself
     * @throws BadInputException when it is none of these
     */
    static Targets parse(String text, boolean vision) {
        if (text.equals(ALL_LINEAR)) {
            return new Leaves(Set.of(), vision);
        }
        if (text.matches("[A-Za-z0-9_]+(,[A-Za-z0-9_]+)*")) {
            return new Leaves(Set.copyOf(Arrays.asList(text.split(","))), vision);
        }
        try {
            return new Regex(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new BadInputException(
                    "targets: want %s, names with commas between them or a regular expression; this one is wrong: %s"
                            .formatted(ALL_LINEAR, e.getDescription()),
                    e);
        }
    }

    /** How PEFT is told, so that it finds the same matrices, and in files of both generations of names. */
    default Json written(List<String> textLeaves, List<String> visionLeaves) {
        return switch (this) {
            case Leaves _ -> new Json.Text(pattern(textLeaves, visionLeaves));
            case Regex(var pattern) -> new Json.Text(pattern.pattern());
            case AsRead read -> read.written();
        };
    }

    private static String pattern(List<String> text, List<String> vision) {
        var parts = new ArrayList<String>();
        if (!text.isEmpty()) {
            parts.add(".*language_model.*\\.(" + String.join("|", text) + ")");
        }
        if (!vision.isEmpty()) {
            parts.add(".*vision_tower.*\\.(" + String.join("|", vision) + ")");
        }
        return String.join("|", parts);
    }
}
