package konsil.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import konsil.eval.wer.Interval;
import konsil.eval.wer.Normaliser;
import konsil.eval.wer.Transcripts;
import konsil.eval.wer.Utterance;
import konsil.eval.wer.WordErrors;
import konsil.tensor.BadInputException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil wer}: word error rates of transcripts against references. */
final class WerCommand implements Command {
    private static final String NORMALISE = "--normalise";
    private static final String DETAILS = "--details";
    private static final String RESAMPLES = "--resamples";
    private static final String SEED = "--seed";
    private static final String OFFICIAL = "official";
    private static final int USUAL_RESAMPLES = 1000;
    private static final int USUAL_SEED = 1;

    @Override
    public CommandSpec spec() {
        return Options.verb(
                        "wer",
                        "Compares transcripts HYP with references REF and counts the words that differ. Both are files "
                                + "with one utterance a line: plain text, id<TAB>text, or JSON {\"id\", \"text\"}.",
                        "wer reference.txt heard.txt",
                        "wer reference.jsonl heard.jsonl --normalise quick-start --details",
                        "wer reference.tsv heard.tsv --resamples 10000 --seed 7 --json")
                .addPositional(Options.argument(0, "REF", Path.class, "What was said."))
                .addPositional(Options.argument(1, "HYP", Path.class, "What was heard."))
                .addOption(Options.option(
                        NORMALISE,
                        "NAME",
                        String.class,
                        "none, quick-start, fine-tune, or official: the latter two, one after the other (default)."))
                .addOption(Options.flag(DETAILS, "Show every utterance, and where its words differ."))
                .addOption(Options.option(
                        RESAMPLES, "N", Integer.class, "Bootstrap resamples for the 95 %% interval (default 1000)."))
                .addOption(Options.option(SEED, "SEED", Long.class, "Seed of the resamples (default 1)."))
                .addOption(Options.json());
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        List<Normaliser> normalisers = normalisers(arguments.matchedOptionValue(NORMALISE, OFFICIAL));
        int resamples = arguments.matchedOptionValue(RESAMPLES, USUAL_RESAMPLES);
        long seed = arguments.matchedOptionValue(SEED, (long) USUAL_SEED);
        Transcripts references = Transcripts.read(arguments.matchedPositionalValue(0, Path.of("")));
        Transcripts hypotheses = Transcripts.read(arguments.matchedPositionalValue(1, Path.of("")));
        List<Utterance> utterances = references.pairedWith(hypotheses);
        List<WerReport> reports = normalisers.stream()
                .map(normaliser -> report(utterances, normaliser, resamples, seed))
                .toList();
        boolean details = arguments.hasMatchedOption(DETAILS);
        if (arguments.hasMatchedOption(Options.JSON)) {
            Json.print(
                    output.out(),
                    reports.stream().map(report -> report.json(details)).toList());
        } else {
            for (WerReport report : reports) report.print(output.out(), details);
        }
        return Exit.OK;
    }

    private static WerReport report(List<Utterance> utterances, Normaliser normaliser, int resamples, long seed) {
        WordErrors errors = WordErrors.of(utterances, normaliser);
        Optional<Interval> interval = Interval.bootstrap(errors.counts(), resamples, seed);
        return new WerReport(errors, interval, resamples, seed);
    }

    private static List<Normaliser> normalisers(String name) {
        if (name.equals(OFFICIAL)) return List.of(Normaliser.QUICK_START, Normaliser.FINE_TUNE);
        return Stream.of(Normaliser.values())
                .filter(normaliser -> normaliser.label().equals(name))
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> new BadInputException(
                        "%s: want none, quick-start, fine-tune or official, got %s".formatted(NORMALISE, name)));
    }
}
