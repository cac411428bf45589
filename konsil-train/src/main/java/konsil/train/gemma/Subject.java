package konsil.train.gemma;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import konsil.medgemma.MedGemma;
import konsil.tensor.Tensor;
import konsil.train.lora.DropoutMasks;
import konsil.train.optim.Learnable;

/** A model and what of it is trained. */
public sealed interface Subject extends AutoCloseable permits LoraSubject, FullSubject {
    /** What is trained, always in the same order. */
    List<Learnable> learnables();

    /** Those of its tensors that change how images are seen. */
    Set<Tensor> ofImages();

    /** The model as it is used: nothing is left out. */
    MedGemma model();

    /** The same as its parts. */
    default Network plain() {
        return new Network(model().text(), model().images(), !ofImages().isEmpty());
    }

    /** The parts while they are trained. @param masks of the thread that runs them */
    Network training(DropoutMasks masks);

    /** Share of inputs that are left out while training. */
    double dropout();

    /** What {@link #write} makes: a name for a folder. */
    String result();

    /** Writes what is trained as it is now. @param folder made when it is not there; its files are replaced */
    void write(Path folder) throws IOException;

    @Override
    void close();
}
