package konsil.train.asr;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Json;
import konsil.train.data.JsonLines;

/**
 * A file of recordings, one JSON object on each line: {@code {"audio": "a.wav", "text": "..."}}. The audio may be an
 * object with a "path", as Hugging Face's data sets have it. Paths are relative to the file. Other fields are left
 * alone.
 */
public final class RecordingFile {
    private static final String WHAT = "recording";

    private RecordingFile() {}

    /**
     * Reads a whole file; the sound files must be there but are not opened.
     *
     * @throws BadInputException that lists every line that cannot be used, up to a number; also when there is none
     * @throws IOException when the disk fails
     */
    public static List<Recording> read(Path file) throws IOException {
        return JsonLines.read(file, WHAT, (line, value) -> recording(file, line, value));
    }

    /** @param file what to call it, and what paths are relative to */
    static List<Recording> read(Path file, InputStream in) throws IOException {
        return JsonLines.read(file, in, WHAT, (line, value) -> recording(file, line, value));
    }

    private static Recording recording(Path file, int line, Json value) {
        var fields = JsonLines.object(value, "the line").fields();
        Json audio = fields.get("audio");
        Json path = audio instanceof Json.Obj(var inner) ? inner.get("path") : audio;
        Path sound = JsonLines.resolved(file, JsonLines.text(path, "audio"), "audio");
        if (!Files.isRegularFile(sound)) {
            throw new JsonLines.Wrong("audio: there is no such sound file");
        }
        String text = JsonLines.text(fields.get("text"), "text");
        if (text.isBlank()) {
            throw new JsonLines.Wrong("text: want words, got none");
        }
        return new Recording(line, sound, text.strip());
    }
}
