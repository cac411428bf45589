package konsil.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;
import konsil.train.optim.AdamW;
import konsil.train.optim.Learnable;

/**
 * Where a run keeps itself: snapshot.safetensors, best.safetensors, metrics.jsonl, metrics.html and what comes of it.
 * Each file is replaced by renaming, so that there is a whole one whenever the process ends.
 */
public final class RunFolder {
    private static final String SNAPSHOT = "snapshot.safetensors";
    private static final String BEST = "best.safetensors";
    private static final String METRICS = "metrics.jsonl";
    private static final String PAGE = "metrics.html";
    private static final String SETTINGS = "settings";

    private final Path folder;
    private final Map<String, String> settings;
    private Metrics metrics;

    private RunFolder(Path folder, Map<String, String> settings) {
        this.folder = folder;
        this.settings = settings;
    }

    /**
     * The folder of a run.
     *
     * @param settings all that its numbers depend on, in words
     * @param resume whether a run that is there goes on
     * @throws BadInputException when one is there and is not to go on
     */
    public static RunFolder open(Path folder, Map<String, String> settings, boolean resume) throws IOException {
        requireUsable(folder, resume);
        Files.createDirectories(folder);
        return new RunFolder(folder, new LinkedHashMap<>(settings));
    }

    /** @throws BadInputException when a run is there and is not to go on */
    public static void requireUsable(Path folder, boolean resume) {
        boolean there = Files.exists(folder.resolve(SNAPSHOT)) || Files.exists(folder.resolve(METRICS));
        if (there && !resume) {
            throw new BadInputException(
                    "%s: holds a run already; use --resume to go on with it, or another folder".formatted(folder));
        }
    }

    public Path folder() {
        return folder;
    }

    /**
     * Takes up the run that is here, or begins one.
     *
     * @return the trainer's numbers; empty for a new run
     * @throws BadInputException when what is here was made with other settings
     */
    public Optional<Fields> start(List<Learnable> learnables, AdamW optimiser) throws IOException {
        Path snapshot = folder.resolve(SNAPSHOT);
        if (!Files.exists(snapshot)) {
            metrics = Metrics.fresh(folder.resolve(METRICS));
            return Optional.empty();
        }
        var state = Snapshot.read(snapshot, learnables, optimiser);
        requireSame(state.in(SETTINGS));
        metrics = Metrics.upTo(folder.resolve(METRICS), state.wholeLong("step"));
        return Optional.of(state);
    }

    private void requireSame(Fields before) {
        var other = new ArrayList<String>();
        settings.forEach((name, value) -> {
            String was = before.text(name, "");
            if (!was.equals(value)) {
                other.add("%s was %s, is %s".formatted(name, was, value));
            }
        });
        if (!other.isEmpty()) {
            throw new BadInputException("%s: the run that is there has other settings, so it cannot go on: %s"
                    .formatted(folder, String.join("; ", other)));
        }
    }

    public Metrics metrics() {
        return metrics;
    }

    /** Keeps everything. @param state the trainer's numbers, "step" among them */
    public void save(List<Learnable> learnables, AdamW optimiser, Map<String, Json> state) throws IOException {
        var all = new LinkedHashMap<>(state);
        var texts = new LinkedHashMap<String, Json>();
        settings.forEach((name, value) -> texts.put(name, new Json.Text(value)));
        all.put(SETTINGS, new Json.Obj(texts));
        Snapshot.write(folder.resolve(SNAPSHOT), learnables, optimiser, new Json.Obj(all));
    }

    /** Keeps the values as the best so far. */
    public void saveBest(List<Learnable> learnables) throws IOException {
        Snapshot.writeValues(folder.resolve(BEST), learnables);
    }

    /** Goes back to the best values. */
    public void readBest(List<Learnable> learnables) throws IOException {
        Snapshot.readValues(folder.resolve(BEST), learnables);
    }

    /** Draws the curves anew. @param facts besides the settings */
    public Path writePage(String title, Map<String, String> facts) throws IOException {
        var all = new LinkedHashMap<>(facts);
        all.putAll(settings);
        Path page = folder.resolve(PAGE);
        WholeFile.write(page, CurvesPage.of(title, all, metrics));
        return page;
    }
}
