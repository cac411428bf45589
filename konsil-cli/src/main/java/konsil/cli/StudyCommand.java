package konsil.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import konsil.clinic.study.ShownStudy;
import konsil.media.BadMediaException;
import konsil.media.PngWriter;
import konsil.media.nifti.NiftiWriter;
import konsil.media.series.SeriesVolume.Gaps;
import konsil.media.study.Study;
import konsil.media.study.StudyPart;
import konsil.tensor.BadInputException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil study PATH}: what a study is, what the model would see of it, and its pixels for other programs. */
final class StudyCommand implements Command {
    private static final String SHEET = "--sheet";
    private static final String EXPORT = "--export";
    private static final String EXPORT_FRAMES = "--export-frames";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Options.verb(
                "study",
                "Says what a study is: a DICOM file, folder, ZIP or DICOMDIR, NIfTI, a slide or a picture. Names no "
                        + "patient; tells which elements would.",
                "study ct-folder",
                "study ct-folder --sheet seen.png --slices 20..60 --window -160..240",
                "study mr.zip --series 2 --export t2.nii.gz",
                "study slide.svs --sheet patches.png --magnification 20 --patches 40 --seed 7",
                "study study-folder --json --export-frames frames",
                "study --dicomweb https://pacs.example/dicom-web --auth token.txt --series 1.2.840.99.7",
                "study --dicomweb https://pacs.example/dicom-web");
        spec.addPositional(Options.optional(0, "PATH", Path.class, "File or folder to look at."));
        DicomWebOptions.addTo(spec);
        spec.addOption(Options.option(
                SHEET,
                "PNG",
                Path.class,
                "Write all pictures that the model would see, on one; of slides a map, too."));
        spec.addOption(Options.option(EXPORT, "NII.GZ", Path.class, "Write the volume as NIfTI."));
        spec.addOption(Options.option(
                EXPORT_FRAMES, "DIR", Path.class, "Write the stored values of all DICOM frames, unpacked, as .raw."));
        StudyOptions.addTo(spec);
        StudyOptions.addSeed(spec);
        spec.addOption(Options.json());
        return spec;
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        boolean json = arguments.hasMatchedOption(Options.JSON);
        var remote = new DicomWebOptions(arguments);
        if (remote.isAsked() && !remote.namesSeries() && !arguments.hasMatchedPositional(0)) {
            return ArchiveListing.print(remote, json, output);
        }
        try (var study = open(arguments, remote, output)) {
            var selection = StudyOptions.selection(arguments, Gaps.KEEP);
            var facts = StudyFacts.of(study, selection);
            var frames = new StudyFrames(arguments.matchedOptionValue(EXPORT_FRAMES, (Path) null));
            if (json) {
                var all = new LinkedHashMap<String, Object>();
                all.put("parts", facts.parts());
                all.put("refused", facts.refused());
                all.put("identifying", facts.identifying());
                all.put("files", frames.of(study.files()));
                Json.print(output.out(), all);
            } else {
                StudyText.print(facts, study.files().size(), output.out());
                if (arguments.hasMatchedOption(EXPORT_FRAMES)) {
                    frames.of(study.files());
                }
            }
            write(study, arguments);
            return study.shown().isEmpty() ? Exit.NEGATIVE : Exit.OK;
        }
    }

    private static Study open(ParseResult arguments, DicomWebOptions remote, Output output) throws IOException {
        if (arguments.hasMatchedPositional(0) == remote.isAsked()) {
            throw new BadInputException("study: want a PATH or %s, one of them".formatted(DicomWebOptions.DICOMWEB));
        }
        return remote.isAsked()
                ? FetchedStudy.open(remote, output)
                : Study.open(arguments.matchedPositionalValue(0, Path.of("")));
    }

    private static void write(Study study, ParseResult arguments) throws IOException {
        Path sheet = arguments.matchedOptionValue(SHEET, (Path) null);
        Path export = arguments.matchedOptionValue(EXPORT, (Path) null);
        if (sheet != null) {
            var part = StudyOptions.chosen(study, arguments);
            var selection = StudyOptions.selection(arguments, Gaps.KEEP);
            try (var shown = ShownStudy.of(java.util.List.of(part), selection)) {
                PngWriter.write(sheet, shown.sheet());
            }
        }
        if (export != null) {
            if (!(StudyOptions.chosen(study, arguments) instanceof StudyPart.Volumes volumes)) {
                throw new BadInputException(EXPORT + ": want a volume, this part of the study is none");
            }
            var gaps = StudyOptions.selection(arguments, Gaps.REFUSE).gaps();
            try {
                NiftiWriter.write(export, volumes.loading().load(gaps).volume());
            } catch (BadMediaException bad) {
                throw new BadInputException(EXPORT + ": " + bad.getMessage());
            }
        }
    }
}
