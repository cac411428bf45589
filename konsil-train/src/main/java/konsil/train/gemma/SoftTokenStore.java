package konsil.train.gemma;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import konsil.medgemma.SoftTokens;

/** What a frozen image part made of images, the last ones used, up to so many bytes. For any number of threads. */
public final class SoftTokenStore {
    private static final float LOAD = 0.75f;

    private final long most;
    private long bytes;
    private final Map<String, SoftTokens> kept = new LinkedHashMap<>(16, LOAD, true);

    /** @param most bytes */
    public SoftTokenStore(long most) {
        this.most = most;
    }

    synchronized Optional<SoftTokens> find(String key) {
        return Optional.ofNullable(kept.get(key));
    }

    synchronized void put(String key, SoftTokens tokens) {
        if (kept.put(key, tokens) == null) {
            bytes += size(tokens);
        }
        var oldest = kept.entrySet().iterator();
        while (bytes > most && oldest.hasNext()) {
            bytes -= size(oldest.next().getValue());
            oldest.remove();
        }
    }

    private static long size(SoftTokens tokens) {
        return 4L * tokens.values().length;
    }
}
