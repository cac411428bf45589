package konsil.clinic;

import java.nio.file.Path;
import java.util.Optional;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.PanAndScan;
import konsil.medgemma.PixelSettings.Framing;
import konsil.tensor.BadInputException;

/**
 * How an assistant is set up.
 *
 * @param load formats of the model in memory
 * @param framing how pictures that are not square are fitted
 * @param panAndScan whether long pictures are shown in parts, too; empty for what the checkpoint says
 * @param context tokens of the longest conversation, the reply included; empty for what the checkpoint was made for
 * @param imageFolder where what was seen of pictures is kept from one run to the next; empty for nowhere
 * @param atOnce conversations that are kept in memory and answered at the same time
 * @param goesBack tokens of the longest reply after which a follow-up still reads nothing again that came before it
 * @param version of Konsil, for the provenance
 */
public record AssistantSettings(
        LoadOptions load,
        Framing framing,
        Optional<PanAndScan> panAndScan,
        Optional<Long> context,
        Optional<Path> imageFolder,
        int atOnce,
        int goesBack,
        String version) {
    public AssistantSettings {
        if (context.isPresent() && context.get() < 2) {
            throw new BadInputException("context: want at least 2 tokens, got " + context.get());
        }
        if (atOnce < 1) {
            throw new IllegalArgumentException("assistant: want at least 1 conversation at once, got " + atOnce);
        }
    }

    /** The same with other formats, or somebody who is told of loading. */
    public AssistantSettings with(LoadOptions other) {
        return new AssistantSettings(other, framing, panAndScan, context, imageFolder, atOnce, goesBack, version);
    }

    /** The same with pictures fitted in another way. */
    public AssistantSettings with(Framing other) {
        return new AssistantSettings(load, other, panAndScan, context, imageFolder, atOnce, goesBack, version);
    }
}
