package konsil.train.asr;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import konsil.medasr.MedAsr;
import konsil.tensor.Tensor;
import konsil.tensor.file.Parameters.Role;
import konsil.train.optim.Learnable;
import konsil.train.run.PublishedFolder;

/**
 * A whole MedASR that is trained.
 *
 * @param model loaded for training; stays its caller's
 * @param folder that it was loaded from, as published
 */
public record SpeechSubject(MedAsr model, Path folder) {
    /** What a run keeps, always in the same order: what is learnt, and the running statistics of batch norms. */
    public List<Learnable> kept() {
        return model.parameters().all().stream()
                .map(p -> new Learnable(
                        p.name(),
                        p.tensor(),
                        p.role() == Role.LEARNED && p.tensor().rank() > 1))
                .toList();
    }

    /** What has a gradient. */
    public Collection<Tensor> learnt() {
        return model.parameters().learned().values();
    }

    /** Writes the model as it is now, in the published layout. @param to made when it is not there */
    public void write(Path to) throws IOException {
        PublishedFolder.write(model.parameters(), folder, to);
    }
}
