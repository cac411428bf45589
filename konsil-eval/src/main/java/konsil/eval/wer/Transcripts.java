package konsil.eval.wer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.tensor.file.JsonSource;

/**
 * A file of transcripts in UTF-8, one utterance a line: JSON objects with "id" and "text" if the first line that is not
 * empty starts with a brace, {@code id<TAB>text} if every line that is not empty has a tab, else plain text, where
 * empty lines count as utterances without words.
 */
public final class Transcripts {
    /** Size of a file. */
    static final long MOST_BYTES = 256L << 20;

    private static final JsonLimits LINE = new JsonLimits(64L << 20, 16, 64 << 20, 100_000);

    private final Path file;
    private final List<Entry> entries;

    private record Entry(Optional<String> id, String text, int line) {}

    private Transcripts(Path file, List<Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /**
     * Reads a file.
     *
     * @throws BadFileException if it is no UTF-8, too large, or a line is not of the file's kind
     */
    public static Transcripts read(Path file) throws IOException {
        if (Files.isDirectory(file)) throw new BadFileException(file, "want a file of transcripts, got a folder");
        long size = Files.size(file);
        if (size > MOST_BYTES) {
            throw new BadFileException(file, "want at most %d bytes, got %d".formatted(MOST_BYTES, size));
        }
        return parse(Files.readAllBytes(file), file);
    }

    static Transcripts parse(byte[] bytes, Path file) {
        List<String> lines = decoded(bytes, file).lines().toList();
        var first = lines.stream().filter(line -> !line.isBlank()).findFirst();
        List<Entry> entries = new ArrayList<>();
        boolean json = first.isPresent() && first.get().stripLeading().startsWith("{");
        boolean tabs = first.isPresent() && lines.stream().allMatch(line -> line.isBlank() || line.indexOf('\t') >= 0);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!json && !tabs) entries.add(new Entry(Optional.empty(), line, i + 1));
            else if (!line.isBlank()) entries.add(json ? ofJson(line, file, i + 1) : ofTabs(line, i + 1));
        }
        var transcripts = new Transcripts(file, List.copyOf(entries));
        transcripts.byId(); // refuses what occurs twice
        return transcripts;
    }

    private static String decoded(byte[] bytes, Path file) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException wrong) {
            throw new BadFileException(file, "want text in UTF-8", wrong);
        }
    }

    private static Entry ofTabs(String line, int number) {
        int tab = line.indexOf('\t');
        return new Entry(Optional.of(line.substring(0, tab).strip()), line.substring(tab + 1), number);
    }

    private static Entry ofJson(String line, Path file, int number) {
        Json value;
        try (var source = JsonSource.of(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), file, LINE)) {
            value = source.value();
            source.end();
        } catch (BadFileException wrong) {
            throw new BadFileException(file, "line %d: this is not valid JSON".formatted(number), wrong);
        }
        if (!(value instanceof Json.Obj(var fields))) {
            throw new BadFileException(file, "line " + number, "want an object, got " + value.kind());
        }
        if (!(fields.get("text") instanceof Json.Text(String text))) {
            throw new BadFileException(file, "line " + number, "want \"text\" with a text");
        }
        Json id = fields.get("id");
        return switch (id) {
            case Json.Text(String name) -> new Entry(Optional.of(name), text, number);
            case Json.Whole(long name) -> new Entry(Optional.of(Long.toString(name)), text, number);
            case null, default ->
                throw new BadFileException(file, "line " + number, "want \"id\" with a text or a whole number");
        };
    }

    /** How many utterances. */
    public int size() {
        return entries.size();
    }

    private boolean hasIds() {
        return !entries.isEmpty() && entries.getFirst().id().isPresent();
    }

    private Map<String, Entry> byId() {
        Map<String, Entry> all = new HashMap<>();
        for (Entry entry : entries) {
            if (entry.id().isEmpty()) continue;
            Entry earlier = all.putIfAbsent(entry.id().get(), entry);
            if (earlier != null) {
                throw new BadFileException(
                        file, "line " + entry.line(), "its id is that of line %d already".formatted(earlier.line()));
            }
        }
        return all;
    }

    /**
     * References with their hypotheses: by id if both files have ids, else line by line. In the order of this file.
     *
     * @param hypotheses the other file
     * @throws BadFileException if one of them has an utterance that the other lacks, or ids that the other lacks
     */
    public List<Utterance> pairedWith(Transcripts hypotheses) {
        if (size() != hypotheses.size()) {
            throw new BadFileException(
                    hypotheses.file,
                    "want as many utterances as %s has, %d; got %d"
                            .formatted(file.getFileName(), size(), hypotheses.size()));
        }
        if (hasIds() != hypotheses.hasIds()) {
            throw new BadFileException(
                    hypotheses.file, "want ids in both files or in neither; only one of them has ids");
        }
        Map<String, Entry> byId = hypotheses.byId();
        List<Utterance> pairs = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            Entry other = entry.id().map(byId::get).orElse(hasIds() ? null : hypotheses.entries.get(i));
            if (other == null) {
                throw new BadFileException(
                        hypotheses.file, "lacks the id of line %d of %s".formatted(entry.line(), file.getFileName()));
            }
            pairs.add(new Utterance(entry.id().orElse(Integer.toString(entry.line())), entry.text(), other.text()));
        }
        return pairs;
    }
}
