package konsil.train.gemma;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import konsil.medgemma.MedGemma;
import konsil.tensor.Tensor;
import konsil.train.lora.AdapterFile;
import konsil.train.lora.DropoutMasks;
import konsil.train.lora.Lora;
import konsil.train.optim.Learnable;

/**
 * An adapter on a frozen model.
 *
 * @param base stays its caller's
 * @param name of the base model, for the adapter's file
 */
public record LoraSubject(MedGemma base, Lora lora, String name) implements Subject {
    @Override
    public List<Learnable> learnables() {
        return lora.learnables();
    }

    @Override
    public Set<Tensor> ofImages() {
        return lora.ofImages();
    }

    @Override
    public MedGemma model() {
        return lora.on(base);
    }

    @Override
    public Network training(DropoutMasks masks) {
        if (dropout() == 0) {
            return plain();
        }
        var images = base.images().map(encoder -> lora.on(encoder, masks));
        return new Network(lora.on(base.text(), masks), images, lora.changesImages());
    }

    @Override
    public double dropout() {
        return lora.settings().dropout();
    }

    @Override
    public String result() {
        return "adapter";
    }

    @Override
    public void write(Path folder) throws IOException {
        AdapterFile.write(lora, folder, name);
    }

    @Override
    public void close() {
        lora.close();
    }
}
