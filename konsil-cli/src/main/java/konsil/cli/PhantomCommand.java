package konsil.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import konsil.phantom.image.FullCt;
import konsil.phantom.image.FullSlide;
import konsil.phantom.image.FullXray;
import konsil.phantom.image.ImageCases;
import konsil.phantom.image.MrHead;
import konsil.phantom.image.SmallCt;
import konsil.phantom.image.SmallSlide;
import konsil.phantom.image.SmallXray;
import konsil.phantom.speech.DictationCases;
import konsil.phantom.text.CaseLines;
import konsil.phantom.text.DictationTexts;
import konsil.phantom.text.LabCases;
import konsil.phantom.text.PathologyCases;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil phantom make}: made-up patients as files, with what they show. */
final class PhantomCommand implements Command {
    private static final String MAKE = "make";
    private static final String KIND = "--kind";
    private static final String COUNT = "--count";
    private static final String SEED = "--seed";
    private static final String SMALL = "--small";
    private static final String FORM = "--form";
    private static final String UNSEEN = "--unseen";
    private static final List<String> KINDS =
            List.of("ct", "xray", "slide", "mr", "lab", "pathology", "dictation-text", "dictation", "question");

    @Override
    public CommandSpec spec() {
        return Options.verb(
                        "phantom",
                        "Makes up patients who do not exist: images, reports, dictations, each with the truth, "
                                + "in cases.jsonl and files beside it. The same seed gives the same bytes.",
                        "phantom make --kind ct --count 10 --seed 1 made-up-ct",
                        "phantom make --kind xray --small --count 1000 --seed 7 pairs",
                        "phantom make --kind lab --form SCAN --count 20 reports")
                .addPositional(Options.argument(0, "WHAT", String.class, "What to do: make."))
                .addPositional(Options.argument(1, "OUT", Path.class, "Folder to write to; made if it is not there."))
                .addOption(Options.option(KIND, "KIND", String.class, String.join(", ", KINDS) + ".").toBuilder()
                        .required(true)
                        .build())
                .addOption(Options.option(COUNT, "N", Integer.class, "Cases (default 1)."))
                .addOption(Options.option(SEED, "SEED", Long.class, "Seed (default 1)."))
                .addOption(Options.flag(SMALL, "Pictures of 96 x 96 with one question each, for tiny models."))
                .addOption(Options.option(
                        FORM,
                        "FORM",
                        String.class,
                        "ct: DICOM, NIFTI; xray: PNG, DICOM; slide: SVS, PNG; mr: NIFTI; lab: TEXT, PDF, SCAN, "
                                + "SMALL_TEXT, SMALL_PICTURE. The first is the default."))
                .addOption(Options.flag(UNSEEN, "Dictations and questions: by voices kept apart from training."));
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        String what = arguments.matchedPositionalValue(0, "");
        if (!what.equals(MAKE)) throw new BadInputException("phantom: want make, got " + what);
        String kind = arguments.matchedOptionValue(KIND, "");
        int count = arguments.matchedOptionValue(COUNT, 1);
        long seed = arguments.matchedOptionValue(SEED, 1L);
        Path folder = arguments.matchedPositionalValue(1, Path.of(""));
        var maker = maker(arguments, kind, folder, seed);
        try (var progress = output.start("phantom " + kind, count, Progress.Unit.STEPS)) {
            CaseLines.write(folder, count, index -> {
                Json.Obj made = maker.make(index);
                progress.add(1);
                return made;
            });
        }
        output.out().printf("%s: %d cases of %s, made up%n", folder.resolve(CaseLines.NAME), count, kind);
        return Exit.OK;
    }

    private static CaseLines.Maker maker(ParseResult arguments, String kind, Path folder, long seed) {
        boolean seen = !arguments.hasMatchedOption(UNSEEN);
        boolean small = arguments.hasMatchedOption(SMALL);
        return switch (kind) {
            case "ct", "xray", "slide", "mr" -> images(arguments, kind, folder, seed);
            case "lab" -> {
                var form = small && !arguments.hasMatchedOption(FORM)
                        ? LabCases.Form.SMALL_TEXT
                        : form(arguments, LabCases.Form.values());
                yield index -> LabCases.make(folder, seed, index, form);
            }
            case "pathology" -> index -> PathologyCases.of(seed, index);
            case "dictation-text" -> index -> DictationTexts.of(seed, index);
            case "dictation" -> {
                var content = small ? DictationCases.Content.SENTENCES : DictationCases.Content.REPORT;
                yield index -> DictationCases.make(folder, seed, index, content, seen);
            }
            case "question" -> index -> DictationCases.make(folder, seed, index, DictationCases.Content.QUESTION, seen);
            default ->
                throw new BadInputException("%s: want %s, got %s".formatted(KIND, String.join(", ", KINDS), kind));
        };
    }

    private static CaseLines.Maker images(ParseResult arguments, String kind, Path folder, long seed) {
        if (arguments.hasMatchedOption(SMALL)) {
            ImageCases.Maker small =
                    switch (kind) {
                        case "ct" -> SmallCt::made;
                        case "xray" -> SmallXray::made;
                        case "slide" -> SmallSlide::made;
                        default -> throw new BadInputException(SMALL + ": want ct, xray or slide, got " + kind);
                    };
            return index -> ImageCases.small(folder, seed, index, small);
        }
        return switch (kind) {
            case "ct" -> {
                var form = form(arguments, FullCt.Form.values());
                yield index -> FullCt.make(folder, seed, index, form);
            }
            case "slide" -> {
                var form = form(arguments, FullSlide.Form.values());
                yield index -> FullSlide.make(folder, seed, index, form);
            }
            case "mr" -> index -> MrHead.make(folder, seed, index);
            default -> {
                var form = form(arguments, FullXray.Form.values());
                yield index -> FullXray.make(folder, seed, index, form);
            }
        };
    }

    /** The one that was asked for, else the first. */
    private static <F extends Enum<F>> F form(ParseResult arguments, F[] forms) {
        String name = arguments.matchedOptionValue(FORM, forms[0].name());
        return Arrays.stream(forms)
                .filter(form -> form.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() ->
                        new BadInputException("%s: want %s, got %s".formatted(FORM, Arrays.toString(forms), name)));
    }
}
