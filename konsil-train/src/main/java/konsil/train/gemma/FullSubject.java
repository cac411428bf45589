package konsil.train.gemma;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import konsil.medgemma.MedGemma;
import konsil.tensor.Tensor;
import konsil.train.lora.DropoutMasks;
import konsil.train.optim.Learnable;
import konsil.train.run.PublishedFolder;

/**
 * A whole model, or all of it but the image part.
 *
 * @param model loaded for training; stays its caller's
 * @param folder that it was loaded from, as published
 * @param frozenImages whether the image tower and the projector stay as they are
 */
public record FullSubject(MedGemma model, Path folder, boolean frozenImages) implements Subject {
    private static boolean ofImages(String name) {
        return name.startsWith("vision_tower.") || name.startsWith("multi_modal_projector.");
    }

    @Override
    public List<Learnable> learnables() {
        return model.parameters().all().stream()
                .filter(parameter -> !frozenImages || !ofImages(parameter.name()))
                .map(parameter -> Learnable.of(parameter.name(), parameter.tensor()))
                .toList();
    }

    @Override
    public Set<Tensor> ofImages() {
        return learnables().stream()
                .filter(learnable -> ofImages(learnable.name()))
                .map(Learnable::values)
                .collect(Collectors.toSet());
    }

    @Override
    public Network training(DropoutMasks masks) {
        return plain();
    }

    @Override
    public double dropout() {
        return 0;
    }

    @Override
    public String result() {
        return "model";
    }

    @Override
    public void write(Path to) throws IOException {
        PublishedFolder.write(model.parameters(), folder, to);
    }

    @Override
    public void close() {
        // the model is its caller's
    }
}
