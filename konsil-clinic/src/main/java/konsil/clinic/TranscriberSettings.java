package konsil.clinic;

import konsil.clinic.dictation.DictationSettings;
import konsil.medasr.LoadOptions;
import konsil.medasr.Windowing;

/**
 * How a transcriber is set up.
 *
 * @param load format of the model in memory
 * @param windowing how sound is cut for the network
 * @param dictation how text is formatted
 * @param memoryLimit bytes of working memory for one recording, besides weights
 * @param version of Konsil, for the provenance
 */
public record TranscriberSettings(
        LoadOptions load,
        Windowing windowing,
        DecoderSettings decoder,
        DictationSettings dictation,
        long memoryLimit,
        String version) {
    /** What suits almost everybody. */
    public static TranscriberSettings usual(String version) {
        return new TranscriberSettings(
                LoadOptions.DEFAULT,
                Windowing.DEFAULT,
                DecoderSettings.DEFAULT,
                DictationSettings.ALL,
                4L << 30,
                version);
    }
}
