package konsil.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import konsil.clinic.TranscribeListener;
import konsil.clinic.Transcriber;
import konsil.clinic.TranscriberFiles;
import konsil.clinic.TranscriberSettings;
import konsil.clinic.Transcript;
import konsil.clinic.Vocabulary;
import konsil.media.audio.AudioFile;
import konsil.media.audio.AudioLimits;
import konsil.tensor.BadInputException;
import konsil.tensor.file.FileHash;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Questions that are spoken: recordings are written down first, and what was understood is shown. */
final class SpokenWords {
    static final String AUDIO = "--audio";

    private static final String ASR_MODEL = "--asr-model";

    private final Output output;
    private final Interruption interruption;
    private final List<Transcript> understood = new ArrayList<>();

    SpokenWords(Output output, Interruption interruption) {
        this.output = output;
        this.interruption = interruption;
    }

    static void addTo(CommandSpec spec) {
        spec.addOption(Options.list(
                AUDIO, "FILE", Path.class, "A recording of a question or of text among images; needs --asr-model."));
        spec.addOption(Options.option(ASR_MODEL, "DIR", Path.class, "MedASR, which writes recordings down."));
    }

    /**
     * What is said in the recordings of a command line, in their order.
     *
     * @throws BadInputException when one of them has no words
     */
    List<String> of(ParseResult arguments) throws IOException {
        var files = arguments.matchedOptionValue(AUDIO, List.<Path>of());
        if (files.isEmpty()) {
            return List.of();
        }
        var model = Optional.ofNullable(arguments.<Path>matchedOptionValue(ASR_MODEL, null))
                .orElseThrow(() -> new BadInputException("%s: want %s, too".formatted(AUDIO, ASR_MODEL)));
        var settings = TranscriberSettings.usual(Main.VERSION);
        var words = new ArrayList<String>();
        try (var open = OpenTranscriber.load(new TranscriberFiles(model, Optional.empty()), settings)) {
            for (Path file : files) {
                words.add(words(open.transcriber(), file));
            }
        }
        return words;
    }

    private String words(Transcriber transcriber, Path file) throws IOException {
        try (var audio = AudioFile.open(file, AudioLimits.usual());
                var hearing = new Phase(output, "listen", Progress.Unit.STEPS)) {
            var request = new Transcriber.Request(Vocabulary.NONE, 1, FileHash.sha256(file, _ -> {}));
            var transcript = transcriber.transcribe(audio, request, new TranscribeListener() {
                @Override
                public void heard(double seconds, OptionalDouble total) {
                    total.ifPresent(whole -> hearing.at((long) Math.ceil(seconds), (long) Math.ceil(whole)));
                }

                @Override
                public boolean cancelled() {
                    return interruption.asked();
                }
            });
            if (transcript.text().isBlank()) {
                throw new BadInputException("%s: no words were heard in it".formatted(file));
            }
            understood.add(transcript);
            return transcript.text();
        }
    }

    /** Tells what was understood, before the answer. */
    void show() {
        for (var transcript : understood) {
            output.err()
                    .println("[understood] "
                            + transcript.text().replace('\n', ' ').replaceAll("\\p{Cntrl}", ""));
        }
    }

    /** For JSON, beside the answer; nothing when nothing was spoken. */
    void addTo(Map<String, Object> reply) {
        if (!understood.isEmpty()) {
            reply.put("understood", understood.stream().map(Transcript::fields).toList());
        }
    }
}
