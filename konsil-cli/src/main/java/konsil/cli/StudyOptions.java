package konsil.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import konsil.clinic.study.StudySelection;
import konsil.medgemma.inputs.CtSettings;
import konsil.medgemma.inputs.PatchSettings;
import konsil.medgemma.inputs.SliceSampling;
import konsil.media.Volume;
import konsil.media.series.SeriesVolume.Gaps;
import konsil.media.study.Study;
import konsil.media.study.StudyPart;
import konsil.tensor.BadInputException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Which part of a study is meant and how it is shown, alike for {@code konsil study} and {@code konsil ask}. */
final class StudyOptions {
    static final String SERIES = "--series";

    private static final String WINDOW = "--window";
    private static final String SLICES = "--slices";
    private static final String MAX_SLICES = "--max-slices";
    private static final String MAGNIFICATION = "--magnification";
    private static final String PATCHES = "--patches";
    private static final String SEED = "--seed";
    private static final String AXIAL = "--axial";
    private static final String GAPS = "--gaps";
    private static final String UNIT = "--unit";

    private StudyOptions() {}

    /** All but the seed, which {@code ask} has already. */
    static void addTo(CommandSpec spec) {
        spec.addOption(Options.option(
                SERIES, "UID", String.class, "Which part of a study: its series UID, or its number in konsil study."));
        spec.addOption(Options.option(
                WINDOW,
                "LOW..HIGH",
                String.class,
                "CT windows in HU: one, or three for red, green, blue, with commas."));
        spec.addOption(Options.option(SLICES, "FROM..TO", String.class, "Slices or frames that count, from 1; all."));
        spec.addOption(Options.option(
                MAX_SLICES, "N", Integer.class, "Most slices that are shown, of more evenly spaced ones; 85."));
        spec.addOption(Options.option(MAGNIFICATION, "X", Double.class, "Of slides: 5, 10 (the default) or 20 fold."));
        spec.addOption(Options.option(
                PATCHES, "N", Integer.class, "Most patches of a slide; of more, as many by chance; 126."));
        spec.addOption(Options.flag(AXIAL, "Turn a volume to axial slices, resliced where it must be."));
        spec.addOption(Options.option(
                GAPS, "HOW", Gaps.class, "Missing slices: refuse, keep the others as they are, or interpolate."));
        spec.addOption(Options.option(
                UNIT, "UNIT", Volume.Unit.class, "What values are, where a file does not say: hounsfield or signal."));
    }

    static void addSeed(CommandSpec spec) {
        spec.addOption(Options.option(SEED, "N", Long.class, "Of the choice of patches; 0."));
    }

    /** @param otherwise what to do with gaps when nothing is said */
    static StudySelection selection(ParseResult arguments, Gaps otherwise) {
        int most = arguments.matchedOptionValue(MAX_SLICES, SliceSampling.PUBLISHED_MOST);
        var ct = CtSettings.parse(
                arguments.matchedOptionValue(WINDOW, ""), arguments.matchedOptionValue(SLICES, ""), most);
        var patches = new PatchSettings(
                arguments.matchedOptionValue(
                        MAGNIFICATION, PatchSettings.published().magnification()),
                arguments.matchedOptionValue(PATCHES, PatchSettings.PUBLISHED_MOST),
                arguments.matchedOptionValue(SEED, 0L),
                PatchSettings.published().brightest(),
                OptionalDouble.empty());
        return new StudySelection(
                ct.windows(),
                ct.sampling(),
                patches,
                arguments.hasMatchedOption(AXIAL),
                arguments.matchedOptionValue(GAPS, otherwise),
                Optional.ofNullable(arguments.<Volume.Unit>matchedOptionValue(UNIT, null)));
    }

    /** Whether a part was named. */
    static boolean isChosen(ParseResult arguments) {
        return arguments.hasMatchedOption(SERIES);
    }

    /** The part that is meant. @throws BadInputException when there is none, or nobody said which of several */
    static StudyPart chosen(Study study, ParseResult arguments) {
        List<StudyPart> shown = study.shown();
        if (shown.isEmpty()) {
            String why = study.refused().stream()
                    .limit(3)
                    .map(part -> part.what() + ": " + part.reason())
                    .reduce((a, b) -> a + "; " + b)
                    .orElse("no files");
            throw new BadInputException("study: there is nothing to show (%s)".formatted(why));
        }
        String wanted = arguments.matchedOptionValue(SERIES, "");
        var found = IntStream.range(0, shown.size())
                .filter(i -> wanted.isEmpty()
                        || wanted.equals(Integer.toString(i + 1))
                        || wanted.equals(shown.get(i).series()))
                .mapToObj(shown::get)
                .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        String parts = IntStream.range(0, Math.min(shown.size(), 20))
                .mapToObj(i -> "%d (%s)".formatted(i + 1, shown.get(i).what()))
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
        throw new BadInputException(
                String.format(Locale.ROOT, "%s: want one of %d parts: %s", SERIES, shown.size(), parts));
    }
}
