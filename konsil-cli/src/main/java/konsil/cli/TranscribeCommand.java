package konsil.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import konsil.clinic.TranscribeListener;
import konsil.clinic.Transcriber;
import konsil.clinic.Transcript;
import konsil.clinic.Vocabulary;
import konsil.media.BadMediaException;
import konsil.media.audio.AudioFile;
import konsil.media.audio.AudioLimits;
import konsil.tensor.BadInputException;
import konsil.tensor.file.FileHash;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil transcribe}: recordings, or what is being said, to text. */
final class TranscribeCommand implements Command {
    private static final String FORMAT = "--format";
    private static final String RAW = "--raw";
    private static final String NBEST = "--nbest";
    private static final String OUTPUT = "--output";
    private static final String MICROPHONE = "--microphone-stdin";
    private static final String RATE = "--rate";
    /** Of the tokens; a model of words knew half of them and did harm (docs/medasr-decoding.md). */
    private static final double MOST_UNKNOWN = 0.2;

    private final InputStream in;

    /** What comes out of a recording. */
    enum Format {
        TEXT("txt"),
        JSON("json"),
        SRT("srt"),
        VTT("vtt");

        private final String ending;

        Format(String ending) {
            this.ending = ending;
        }

        static Format named(String name) {
            for (var format : values()) {
                if (format.name().equalsIgnoreCase(name)) {
                    return format;
                }
            }
            throw TranscribeOptions.wanted(FORMAT, "text, json, srt or vtt", name);
        }
    }

    /** @param in a microphone's samples */
    TranscribeCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Options.verb(
                "transcribe",
                "Writes down what is said: WAV, AIFF, FLAC, Ogg and WebM Opus of any length, or sound as it comes.",
                "transcribe --model medasr.konsil dictation.wav",
                "transcribe --model medasr.konsil --lm lm_6.kenlm --vocabulary drugs.txt --format json visit.flac",
                "transcribe --model medasr.konsil --format srt --output subtitles recordings/",
                "transcribe --model medasr.konsil --microphone-stdin");
        TranscribeOptions.addTo(spec);
        spec.addOption(Options.option(FORMAT, "FORMAT", String.class, "text (default), json, srt or vtt."));
        spec.addOption(Options.flag(RAW, "Text as the model writes it: </s>, braces and brackets stay."));
        spec.addOption(Options.option(NBEST, "N", Integer.class, "With --format json: the N best texts."));
        spec.addOption(Options.option(OUTPUT, "DIR", Path.class, "Write a file for each recording here."));
        spec.addOption(Options.flag(
                MICROPHONE, "Listen to standard input: 16-bit samples, low byte first, one channel, no header."));
        spec.addOption(Options.option(RATE, "HZ", Integer.class, "Its samples a second; 16000."));
        spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .paramLabel("AUDIO")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("0..*")
                .description("Sound files, folders of them, or patterns.")
                .build());
        return spec;
    }

    /** How results are shown. */
    private record Form(Format format, boolean raw, Optional<Path> folder) {}

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        var words = arguments.matchedPositionalValue(0, List.<String>of());
        boolean live = arguments.hasMatchedOption(MICROPHONE);
        var form = new Form(
                Format.named(arguments.matchedOptionValue(FORMAT, "text")),
                arguments.hasMatchedOption(RAW),
                Optional.ofNullable(arguments.<Path>matchedOptionValue(OUTPUT, null)));
        if (live == !words.isEmpty()) {
            throw new BadInputException("transcribe: want sound files, or %s alone".formatted(MICROPHONE));
        }
        var vocabulary = TranscribeOptions.vocabulary(arguments);
        var request = new Transcriber.Request(vocabulary, arguments.matchedOptionValue(NBEST, 1), "");
        var settings = TranscribeOptions.settings(arguments);
        if (live) {
            requireLive(arguments, form);
        }
        try (var interruption = new Interruption(() -> {});
                var open = OpenTranscriber.load(TranscribeOptions.files(arguments), settings)) {
            warn(open.transcriber(), vocabulary, output);
            if (live) {
                var text = LiveText.of(output, form.format() == Format.JSON, form.raw(), open.transcriber());
                int rate = arguments.matchedOptionValue(RATE, Transcriber.RATE);
                return new LiveRun(open.transcriber(), vocabulary, text, interruption).run(in, rate);
            }
            return new Batch(open.transcriber(), request, form, output, interruption).run(words);
        }
    }

    private static void requireLive(ParseResult arguments, Form form) {
        if (form.folder().isPresent() || arguments.hasMatchedOption(NBEST)) {
            throw new BadInputException("%s does not go with %s and %s".formatted(MICROPHONE, OUTPUT, NBEST));
        }
        if (form.format() == Format.SRT || form.format() == Format.VTT) {
            throw new BadInputException("%s: want --format text or json".formatted(MICROPHONE));
        }
    }

    private static void warn(Transcriber transcriber, Vocabulary vocabulary, Output output) {
        int tokens = transcriber.tokens();
        int unknown = transcriber.unknownToLanguageModel().orElse(0);
        if (unknown > MOST_UNKNOWN * tokens) {
            output.err()
                    .println(("konsil: the language model knows %d of %d tokens of the model; want one made over its"
                                    + " tokens, with # where a word begins")
                            .formatted(tokens - unknown, tokens));
        }
        int lost = transcriber.unspellable(vocabulary);
        if (lost > 0) {
            output.err()
                    .println("konsil: %d terms of the vocabulary have characters that the model does not know"
                            .formatted(lost));
        }
    }

    /** One recording after the other; what is wrong with one does not stop the others. */
    private record Batch(
            Transcriber transcriber, Transcriber.Request request, Form form, Output output, Interruption interruption) {
        Exit run(List<String> words) throws IOException {
            var failures = new Failures(output.err(), false);
            var exits = new ArrayList<Exit>(List.of(Exit.OK));
            var recordings = new ArrayList<Path>();
            for (String word : words) {
                try {
                    recordings.addAll(Recordings.of(word));
                } catch (BadInputException | IOException e) {
                    exits.add(failures.report(e));
                }
            }
            if (form.folder().isPresent()) {
                Files.createDirectories(form.folder().get());
            }
            Set<Path> written = new HashSet<>();
            for (int i = 0; i < recordings.size() && !interruption.asked(); i++) {
                try {
                    one(recordings.get(i), recordings.size() + words.size() > 2, written);
                } catch (BadInputException | BadMediaException | IOException e) {
                    exits.add(failures.report(e));
                }
            }
            return interruption.asked() ? Exit.INTERRUPTED : exits.getLast();
        }

        private void one(Path file, boolean several, Set<Path> written) throws IOException {
            Optional<Path> target = form.folder().map(folder -> folder.resolve(nameOf(file)));
            if (target.isPresent() && !written.add(target.get())) {
                throw new BadInputException("%s: %s was written already, for another recording of the same name"
                        .formatted(file, target.get()));
            }
            Transcript transcript;
            try (var audio = AudioFile.open(file, AudioLimits.usual());
                    var bar = new Bar(output, String.valueOf(file.getFileName()), interruption)) {
                String sha256 = FileHash.sha256(file, _ -> {});
                var asked = new Transcriber.Request(request.vocabulary(), request.alternatives(), sha256);
                transcript = transcriber.transcribe(audio, asked, bar);
            }
            for (String odd : transcript.warnings()) {
                output.err().println("konsil: %s: %s".formatted(file, odd));
            }
            if (!transcript.complete()) {
                output.err()
                        .println("konsil: %s: stopped after %.1f s; this was said until then"
                                .formatted(file, transcript.seconds()));
            }
            if (target.isPresent()) {
                TextFile.write(target.get(), rendered(file, transcript));
            } else {
                if (several && form.format() == Format.TEXT) {
                    output.out().println("== " + file + " ==");
                }
                output.out().print(shown(rendered(file, transcript)));
                output.out().flush();
            }
        }

        /** What the model writes is no command to the terminal. */
        private static String shown(String text) {
            return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "");
        }

        private String nameOf(Path file) {
            String name = String.valueOf(file.getFileName());
            int dot = name.lastIndexOf('.');
            return (dot > 0 ? name.substring(0, dot) : name) + "." + form.format().ending;
        }

        private String rendered(Path file, Transcript transcript) {
            var words = form.raw() ? transcript.rawWords() : transcript.words();
            return switch (form.format()) {
                case TEXT -> (form.raw() ? transcript.raw() : transcript.text()) + "\n";
                case JSON -> {
                    var fields = new LinkedHashMap<String, Object>();
                    fields.put("file", file.toString());
                    fields.putAll(transcript.fields());
                    yield Json.indented(fields) + "\n";
                }
                case SRT -> Subtitles.SRT.of(words);
                case VTT -> Subtitles.VTT.of(words);
            };
        }
    }

    /** How far a recording is, in seconds of sound. */
    private static final class Bar implements TranscribeListener, AutoCloseable {
        private final Output output;
        private final String label;
        private final Interruption interruption;
        private final List<Progress> shown = new ArrayList<>(1);
        private long done;

        Bar(Output output, String label, Interruption interruption) {
            this.output = output;
            this.label = label;
            this.interruption = interruption;
        }

        @Override
        public void heard(double seconds, OptionalDouble total) {
            if (shown.isEmpty()) {
                long whole = total.isPresent() ? (long) Math.ceil(total.getAsDouble()) : 0;
                shown.add(output.start("%s, seconds".formatted(label), whole, Progress.Unit.STEPS));
            }
            long now = (long) Math.ceil(seconds);
            shown.getFirst().add(now - done);
            done = now;
        }

        @Override
        public boolean cancelled() {
            return interruption.asked();
        }

        @Override
        public void close() {
            shown.forEach(Progress::close);
        }
    }
}
