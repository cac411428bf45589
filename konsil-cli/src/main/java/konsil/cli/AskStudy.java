package konsil.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.clinic.AnswerSettings;
import konsil.clinic.Assistant;
import konsil.clinic.Message;
import konsil.clinic.Message.Content;
import konsil.clinic.Picture;
import konsil.clinic.Reply;
import konsil.clinic.study.DocumentPages;
import konsil.clinic.study.ShownStudy;
import konsil.medgemma.inputs.BoxDrawing;
import konsil.medgemma.inputs.ImagePrompts;
import konsil.medgemma.inputs.Localisation;
import konsil.medgemma.inputs.TokenBudget;
import konsil.media.PngWriter;
import konsil.media.Raster;
import konsil.media.series.SeriesVolume.Gaps;
import konsil.media.study.Study;
import konsil.media.study.StudyPart;
import konsil.tensor.BadInputException;
import konsil.text.Turn;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * A question about studies: volumes, slides, two pictures over time, where something is, pages of a document. Pictures
 * are padded to a square, as in training.
 *
 * @param contents of the user's turn
 * @param located whether boxes are read from the answer
 * @param drawn where they are drawn; null for nowhere
 */
record AskStudy(List<Content> contents, boolean located, Path drawn) {
    private static final String STUDY = "--study";
    private static final String PRIOR = "--prior";
    private static final String CURRENT = "--current";
    private static final String LOCATE = "--locate";
    private static final String DOCUMENT = "--document";
    private static final String BOXES = "--boxes";
    private static final String INSTRUCTION = "--instruction";

    static void addTo(CommandSpec spec) {
        spec.addOption(Options.list(
                STUDY,
                "PATH",
                Path.class,
                "DICOM, NIfTI, slide or picture, see konsil study; several MR or CT are stacked."));
        spec.addOption(Options.option(PRIOR, "PATH", Path.class, "The earlier of two pictures to compare."));
        spec.addOption(Options.option(CURRENT, "PATH", Path.class, "The later one."));
        spec.addOption(Options.option(
                LOCATE, "OBJECT", String.class, "Ask where this is in the study's picture; left is the patient's."));
        spec.addOption(Options.list(
                DOCUMENT, "FILE", Path.class, "A lab report, PDF or photograph: its tests as JSON, or your question."));
        spec.addOption(Options.option(BOXES, "PNG", Path.class, "With --locate: draw the boxes of the answer."));
        spec.addOption(Options.option(
                INSTRUCTION,
                "TEXT",
                String.class,
                "Words before a study instead of the published ones; may be empty."));
        StudyOptions.addTo(spec);
        DicomWebOptions.addTo(spec);
    }

    /** Whether a study is asked about. */
    static boolean isAsked(ParseResult arguments) {
        for (String name : List.of(STUDY, PRIOR, CURRENT, LOCATE, DOCUMENT)) {
            if (arguments.hasMatchedOption(name)) {
                return true;
            }
        }
        if (new DicomWebOptions(arguments).isAsked()) {
            return true;
        }
        if (arguments.hasMatchedOption(BOXES) || arguments.hasMatchedOption(INSTRUCTION)) {
            throw new BadInputException("%s and %s want %s".formatted(BOXES, INSTRUCTION, STUDY));
        }
        return false;
    }

    /** @throws BadInputException when the options do not go together, or the study cannot be shown */
    static AskStudy of(ParseResult arguments, Output output) throws IOException {
        for (String name : List.of("--image", "--text", "--pan-and-scan")) {
            if (arguments.hasMatchedOption(name)) {
                throw new BadInputException("%s does not go together with a study".formatted(name));
            }
        }
        if (arguments.hasMatchedOption(DOCUMENT)) {
            return document(arguments);
        }
        boolean compared = arguments.hasMatchedOption(PRIOR) || arguments.hasMatchedOption(CURRENT);
        String object = arguments.matchedOptionValue(LOCATE, "");
        List<Opening> studies = openings(arguments, compared, output);
        String question = arguments.matchedPositionalValue(0, "");
        if (compared && question.isBlank()) {
            question = ImagePrompts.COMPARISON;
        }
        if (!object.isBlank()) {
            if (!question.isBlank() || studies.size() != 1) {
                throw new BadInputException(LOCATE + ": want one " + STUDY + " and no other question");
            }
            question = Localisation.question(object);
        }
        if (question.isBlank()) {
            throw new BadInputException("ask: want a question about the study");
        }
        var contents = contents(studies, question, arguments);
        int pictures = shown(contents);
        if (!object.isBlank() && pictures != 1 || compared && pictures != 2) {
            throw new BadInputException(
                    "study: want one picture of each, got %d; choose with --slices".formatted(pictures));
        }
        return new AskStudy(contents, !object.isBlank(), arguments.matchedOptionValue(BOXES, (Path) null));
    }

    private static AskStudy document(ParseResult arguments) throws IOException {
        for (String name : List.of(STUDY, PRIOR, CURRENT, LOCATE, DicomWebOptions.DICOMWEB)) {
            if (arguments.hasMatchedOption(name)) {
                throw new BadInputException("%s does not go together with %s".formatted(name, DOCUMENT));
            }
        }
        var contents = new ArrayList<Content>();
        for (Path file : arguments.matchedOptionValue(DOCUMENT, List.<Path>of())) {
            for (Picture page : DocumentPages.of(file, AssistantOptions.pictures(arguments))) {
                contents.add(new Content.Shown(page));
            }
        }
        contents.add(new Content.Words(arguments.matchedPositionalValue(0, ImagePrompts.LAB_REPORT)));
        return new AskStudy(contents, false, null);
    }

    /** Opens one of the studies asked about. */
    @FunctionalInterface
    private interface Opening {
        Study open() throws IOException;
    }

    private static List<Opening> openings(ParseResult arguments, boolean compared, Output output) {
        var openings = new ArrayList<Opening>();
        for (Path path : paths(arguments, compared)) {
            openings.add(() -> Study.open(path));
        }
        var remote = new DicomWebOptions(arguments);
        if (remote.isAsked()) {
            if (compared || !remote.namesSeries()) {
                throw new BadInputException("%s: want --series UID or %s, and neither %s nor %s"
                        .formatted(DicomWebOptions.DICOMWEB, DicomWebOptions.STUDY_UID, PRIOR, CURRENT));
            }
            openings.add(() -> FetchedStudy.open(remote, output));
        }
        return openings;
    }

    private static List<Path> paths(ParseResult arguments, boolean compared) {
        List<Path> studies = arguments.matchedOptionValue(STUDY, List.<Path>of());
        if (!compared) {
            return studies;
        }
        Path prior = arguments.matchedOptionValue(PRIOR, (Path) null);
        Path current = arguments.matchedOptionValue(CURRENT, (Path) null);
        if (prior == null || current == null || !studies.isEmpty()) {
            throw new BadInputException("%s and %s want each other, and no %s".formatted(PRIOR, CURRENT, STUDY));
        }
        return List.of(prior, current);
    }

    private static List<Content> contents(List<Opening> openings, String question, ParseResult arguments)
            throws IOException {
        if (openings.isEmpty()) {
            throw new BadInputException("%s: want %s with the picture".formatted(LOCATE, STUDY));
        }
        var studies = new ArrayList<Study>();
        try {
            var parts = new ArrayList<StudyPart>();
            for (Opening opening : openings) {
                studies.add(opening.open());
                parts.add(StudyOptions.chosen(studies.getLast(), arguments));
            }
            try (var shown = ShownStudy.of(parts, StudyOptions.selection(arguments, Gaps.KEEP))) {
                String instruction = arguments.matchedOptionValue(INSTRUCTION, shown.instruction());
                return shown.contents(instruction, question);
            }
        } finally {
            for (Study study : studies) {
                study.close();
            }
        }
    }

    /**
     * Says what the question costs, on standard error.
     *
     * @throws BadInputException when it does not fit, with how many pictures would
     */
    static void requireBudget(
            Assistant assistant, String system, List<Content> contents, AnswerSettings answer, Output output) {
        var budget = budget(assistant, system, contents, answer);
        output.err().println("tokens: " + budget);
        if (budget.fits()) {
            return;
        }
        var fewer = new ArrayList<>(contents);
        while (shown(fewer) > 0 && !budget(assistant, system, fewer, answer).fits()) {
            dropLast(fewer);
        }
        throw new BadInputException(
                ("study: %s. %d pictures would fit: use --max-slices or --patches, a shorter answer "
                                + "(--max-tokens) or more --context")
                        .formatted(budget, shown(fewer)));
    }

    private static TokenBudget budget(
            Assistant assistant, String system, List<Content> contents, AnswerSettings answer) {
        var conversation = new ArrayList<Message>();
        if (!system.isEmpty()) {
            conversation.add(Message.of(Turn.SYSTEM, system));
        }
        conversation.add(new Message(Turn.USER, contents));
        return assistant.budget(conversation, answer.maxTokens());
    }

    private static int shown(List<Content> contents) {
        return (int) contents.stream().filter(Content.Shown.class::isInstance).count();
    }

    /** The last picture, and its label where it has one. */
    private static void dropLast(List<Content> contents) {
        int at = contents.size() - 1;
        while (!(contents.get(at) instanceof Content.Shown)) {
            at--;
        }
        contents.remove(at);
        boolean labelled = at < contents.size()
                && contents.get(at) instanceof Content.Words(var text)
                && text.startsWith("SLICE ")
                && at + 1 < contents.size();
        if (labelled) {
            contents.remove(at);
        }
    }

    /** Boxes of the answer in pixels of the picture, for the record, drawn where that was asked for. */
    Map<String, Object> boxes(Reply reply) throws IOException {
        if (!located || !reply.answered()) {
            return Map.of();
        }
        var fields = new LinkedHashMap<String, Object>();
        switch (Localisation.boxes(reply.answer())) {
            case Localisation.Boxes.Unreadable(var why) -> fields.put("boxes_problem", why);
            case Localisation.Boxes.Found(var boxes) -> {
                Raster picture = picture();
                fields.put(
                        "boxes", boxes.stream().map(box -> pixels(box, picture)).toList());
                if (drawn != null) {
                    PngWriter.write(drawn, BoxDrawing.drawn(picture, boxes));
                }
            }
        }
        return fields;
    }

    private Raster picture() {
        return contents.stream()
                .filter(Content.Shown.class::isInstance)
                .map(Content.Shown.class::cast)
                .map(Content.Shown::picture)
                .map(Picture::raster)
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Object> pixels(Localisation.Box box, Raster picture) {
        var on = box.on(picture.width(), picture.height());
        var fields = new LinkedHashMap<String, Object>();
        fields.put("label", on.label());
        fields.put("left", on.left());
        fields.put("top", on.top());
        fields.put("right", on.right());
        fields.put("bottom", on.bottom());
        return fields;
    }
}
