package konsil.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import konsil.media.dicomweb.ArchiveAddress;
import konsil.media.dicomweb.ArchiveLimits;
import konsil.media.dicomweb.Authorization;
import konsil.media.dicomweb.DicomWebArchive;
import konsil.media.dicomweb.SeriesRecord;
import konsil.tensor.BadInputException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Which archive is asked, how, and for what. A password or token is never a word of the command line. */
record DicomWebOptions(ParseResult arguments) {
    static final String DICOMWEB = "--dicomweb";
    static final String STUDY_UID = "--study-uid";
    /** Holds what a file of {@code --auth} would. */
    static final String VARIABLE = "KONSIL_DICOMWEB_AUTH";

    private static final String AUTH = "--auth";
    private static final String CA = "--ca";
    private static final String PLAIN = "--plain-http";
    private static final int LONGEST_AUTH = 1 << 16;
    private static final int MOST_SERIES = 1000;

    static void addTo(CommandSpec spec) {
        spec.addOption(Options.option(
                DICOMWEB,
                "URL",
                String.class,
                "Root of an archive's DICOMweb; with --series UID, " + STUDY_UID + " or both."));
        spec.addOption(Options.option(STUDY_UID, "UID", String.class, "Which study of the archive."));
        spec.addOption(Options.option(
                AUTH,
                "FILE",
                Path.class,
                "One line: basic USER:PASSWORD or bearer TOKEN. Or set " + VARIABLE + " to it."));
        spec.addOption(
                Options.option(CA, "PEM", Path.class, "Certificates to trust for the archive instead of the JDK's."));
        spec.addOption(Options.flag(PLAIN, "Allow http, unencrypted, to an archive on another machine."));
    }

    /** @throws BadInputException when other options here want an archive and there is none */
    boolean isAsked() {
        if (arguments.hasMatchedOption(DICOMWEB)) {
            return true;
        }
        for (String name : List.of(STUDY_UID, AUTH, CA, PLAIN)) {
            if (arguments.hasMatchedOption(name)) {
                throw new BadInputException("%s wants %s".formatted(name, DICOMWEB));
            }
        }
        return false;
    }

    /** Whether a series or study was named, so that there is something to fetch. */
    boolean namesSeries() {
        return !study().isEmpty() || !series().isEmpty();
    }

    DicomWebArchive archive() throws IOException {
        var address =
                ArchiveAddress.parse(arguments.matchedOptionValue(DICOMWEB, ""), arguments.hasMatchedOption(PLAIN));
        return DicomWebArchive.of(
                address,
                authorization(),
                Optional.ofNullable(arguments.matchedOptionValue(CA, (Path) null)),
                ArchiveLimits.usual());
    }

    private Optional<Authorization> authorization() throws IOException {
        Path file = arguments.matchedOptionValue(AUTH, (Path) null);
        if (file != null) {
            try (InputStream in = Files.newInputStream(file)) {
                String text = new String(in.readNBytes(LONGEST_AUTH), StandardCharsets.UTF_8);
                return Optional.of(Authorization.parse(AUTH, text));
            }
        }
        String variable = System.getenv(VARIABLE);
        return variable == null || variable.isBlank()
                ? Optional.empty()
                : Optional.of(Authorization.parse(VARIABLE, variable));
    }

    /** The series that are meant, or all. @throws BadInputException when there is none, or too many */
    List<SeriesRecord> found(DicomWebArchive archive) {
        var found = archive.series(study(), series(), MOST_SERIES + 1);
        if (found.isEmpty() && namesSeries()) {
            throw new BadInputException(DICOMWEB + ": the archive knows no such series or study");
        }
        if (found.size() > MOST_SERIES && namesSeries()) {
            throw new BadInputException("%s: more than %d series".formatted(DICOMWEB, MOST_SERIES));
        }
        return found;
    }

    /** What {@link #found} lists at most; one more says that there are others. */
    static int most() {
        return MOST_SERIES;
    }

    private String study() {
        String text = arguments.matchedOptionValue(STUDY_UID, "");
        if (!text.isEmpty() && !DicomWebArchive.isUid(text)) {
            throw new BadInputException(STUDY_UID + ": want a UID, digits and dots");
        }
        return text;
    }

    /** The UID; a number means a part of what was fetched, which {@link StudyOptions#chosen} knows. */
    private String series() {
        String text = arguments.matchedOptionValue(StudyOptions.SERIES, "");
        if (!text.contains(".")) {
            return "";
        }
        if (!DicomWebArchive.isUid(text)) {
            throw new BadInputException(StudyOptions.SERIES + ": want a UID, digits and dots");
        }
        return text;
    }
}
