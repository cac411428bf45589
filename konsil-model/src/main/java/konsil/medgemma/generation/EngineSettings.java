package konsil.medgemma.generation;

/**
 * How much an {@link AnswerEngine} does at once.
 *
 * @param sessions sequences it keeps in memory, and so the most that it answers at the same time
 * @param queued requests that may wait for a session; one more is refused
 * @param maxPositions tokens of the longest sequence, answer included
 * @param maxChunk tokens of a prompt that are read at once
 * @param back tokens of an answer that a follow-up can leave out without reading again what came before them
 * @param memoryLimit bytes of working memory, besides weights and caches
 */
public record EngineSettings(int sessions, int queued, long maxPositions, int maxChunk, int back, long memoryLimit) {
    public EngineSettings {
        if (sessions < 1 || queued < 0 || maxPositions < 1 || maxChunk < 1 || back < 0 || memoryLimit < 1) {
            throw new IllegalArgumentException("engine settings: want positive numbers, got %d, %d, %d, %d, %d, %d"
                    .formatted(sessions, queued, maxPositions, maxChunk, back, memoryLimit));
        }
    }

    /** For one person at a terminal. */
    public static EngineSettings single(long maxPositions) {
        return new EngineSettings(1, 1, maxPositions, 512, 0, 8L << 30);
    }
}
