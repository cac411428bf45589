package konsil.clinic;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CancellationException;
import konsil.medgemma.MedGemma;
import konsil.medgemma.PixelInputs;
import konsil.medgemma.Runner;
import konsil.medgemma.SoftTokens;
import konsil.media.Raster;

/** Lets a model look at pictures, each view once. For any number of threads, one of which looks at a time. */
final class Looking implements AutoCloseable {
    private static final long MEMORY_LIMIT = 8L << 30;

    private final MedGemma model;
    private final Runner runner;
    private final PixelInputs inputs;
    private final String identity;
    private final SoftTokenCache cache;

    /** @param identity tells this model, its adapter and its formats from all others */
    Looking(MedGemma model, PixelInputs inputs, String identity, SoftTokenCache cache) {
        this.model = model;
        this.runner = new Runner(model, MEMORY_LIMIT);
        this.inputs = inputs;
        this.identity = identity;
        this.cache = cache;
    }

    /**
     * What was seen, view by view.
     *
     * @param keys equal only for the same pixels seen by the same model
     * @param hashes of the pixels of each view, in hex
     * @param known how many views were known before
     */
    record Seen(List<SoftTokens> softTokens, List<String> keys, List<List<String>> hashes, int known) {}

    int views(Picture picture) {
        return inputs.viewCount(picture.raster());
    }

    /** @throws CancellationException when the listener no longer wants an answer */
    synchronized Seen look(List<Picture> pictures, AnswerListener listener) {
        var softTokens = new ArrayList<SoftTokens>();
        var keys = new ArrayList<String>();
        var hashes = new ArrayList<List<String>>();
        int known = 0;
        for (var picture : pictures) {
            var ofPicture = new ArrayList<String>();
            for (var view : inputs.views(picture.raster())) {
                if (listener.cancelled()) {
                    throw new CancellationException();
                }
                String hash = hash(view);
                String key = key(hash);
                var there = cache.find(key, tokens(), model.config().text().hiddenSize());
                known += there.isPresent() ? 1 : 0;
                softTokens.add(there.orElseGet(() -> cache.put(key, () -> runner.encode(inputs.values(view)))));
                keys.add(key);
                ofPicture.add(hash);
            }
            hashes.add(List.copyOf(ofPicture));
            listener.seen(hashes.size(), pictures.size());
        }
        return new Seen(softTokens, keys, hashes, known);
    }

    private int tokens() {
        return model.config().images().map(images -> images.tokensPerImage()).orElse(0);
    }

    private static String hash(Raster view) {
        var sha = sha256();
        sha.update(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(view.width())
                .putInt(view.height())
                .flip());
        return HexFormat.of().formatHex(sha.digest(view.samples()));
    }

    private String key(String pixels) {
        var settings = inputs.settings();
        String all =
                "%s %s %s %s %s".formatted(pixels, identity, settings.rescaleFactor(), settings.mean(), settings.std());
        return HexFormat.of().formatHex(sha256().digest(all.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void close() {
        runner.close();
    }
}
