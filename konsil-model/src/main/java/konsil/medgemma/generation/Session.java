package konsil.medgemma.generation;

import java.util.ArrayList;
import java.util.List;
import konsil.medgemma.MedGemmaConfig;
import konsil.medgemma.TokenSequence;
import konsil.tensor.RingCache;

/**
 * A sequence that the engine remembers: its keys and values, and which tokens and images they stand for. A request that
 * begins as the last one did is read from where they part.
 */
final class Session implements AutoCloseable {
    private final MedGemmaConfig config;
    private final RingCache cache;
    private final List<Integer> known = new ArrayList<>();
    private List<String> imageKeys = List.of();
    private long lastUsed;

    Session(MedGemmaConfig config, RingCache cache) {
        this.config = config;
        this.cache = cache;
    }

    RingCache cache() {
        return cache;
    }

    long lastUsed() {
        return lastUsed;
    }

    /** How many tokens of a prompt need not be read again; its last token is always read, for its logits are wanted. */
    int shared(GenerationRequest request) {
        var mine = TokenSequence.of(
                config, known.stream().mapToInt(Integer::intValue).toArray());
        int same = mine.commonPrefix(request.prompt());
        same = Math.min(same, firstOtherImage(request, same));
        return wholeImages(request.prompt(), Math.min(same, request.prompt().size() - 1));
    }

    private int firstOtherImage(GenerationRequest request, int until) {
        for (int position = 0; position < until; position++) {
            int image = request.prompt().imageOf(position);
            if (image >= 0 && !request.imageKeys().get(image).equals(imageKeys.get(image))) {
                return position;
            }
        }
        return until;
    }

    /** The same position, or the beginning of the image that it would cut in two. */
    private static int wholeImages(TokenSequence prompt, int position) {
        int whole = position;
        while (whole > 0 && prompt.imageOf(whole) >= 0 && prompt.imageOf(whole - 1) == prompt.imageOf(whole)) {
            whole--;
        }
        return whole;
    }

    /**
     * Goes back to what a request shares with this session and takes the rest of it for known; returns how many tokens
     * need not be read.
     */
    int begin(GenerationRequest request, long now) {
        lastUsed = now;
        int position = Math.toIntExact(cache.truncate(Math.min(shared(request), cache.position())));
        known.clear();
        for (int id : request.prompt().ids()) {
            known.add(id);
        }
        imageKeys = request.imageKeys();
        return position;
    }

    /** A token of the answer that the cache has been given. */
    void add(int token) {
        known.add(token);
    }

    /** Forgets what the cache was not given, after a request that ended early. */
    void settle() {
        while (known.size() > cache.position()) {
            known.removeLast();
        }
        while (!known.isEmpty() && cutsAnImage()) {
            known.removeLast();
        }
    }

    private boolean cutsAnImage() {
        int soft = config.images().map(images -> images.softToken()).orElse(-1);
        int run = 0;
        for (int i = known.size() - 1; i >= 0 && known.get(i) == soft; i--) {
            run++;
        }
        return run % config.images().map(images -> images.tokensPerImage()).orElse(1) != 0;
    }

    @Override
    public void close() {
        cache.close();
    }
}
