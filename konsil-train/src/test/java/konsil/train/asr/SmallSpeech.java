package konsil.train.asr;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.kernel.KernelChoice;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.NativeMemory;
import konsil.kernel.Workers;
import konsil.medasr.LoadOptions;
import konsil.medasr.MedAsr;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Parameters.Parameter;
import konsil.train.GoldenFolder;
import konsil.train.TrainingEngine;

/** The small MedASR of golden/, opened to be trained, over a workspace full of NaN. */
final class SmallSpeech implements AutoCloseable {
    static final Path FOLDER = GoldenFolder.of("lasr-a");
    final Workers workers = new Workers(2);
    final Workspace space = new Workspace(1L << 30, Workspace.Leftovers.NAN);
    final NativeMemory memory = new NativeMemory();
    final MedAsr model;
    final SpeechSubject subject;
    final TrainingEngine engine;
    final Map<Tensor, Tensor> sums = new LinkedHashMap<>();

    SmallSpeech(Kind kind) throws IOException {
        this(kind, FOLDER);
    }

    SmallSpeech(Kind kind, Path folder) throws IOException {
        var kernels = KernelChoice.of(kind, workers).kernels();
        model = MedAsr.load(List.of(folder), kernels, workers, LoadOptions.forTraining());
        subject = new SpeechSubject(model, folder);
        engine = new TrainingEngine(kernels, workers, space);
        subject.learnt().forEach(tensor -> sums.put(tensor, Tensor.zeros(memory, tensor.shape())));
    }

    SpeechLearner learner(Keeping keeping) {
        return new SpeechLearner(subject, engine, keeping);
    }

    /** A sum as the published checkpoint would have it. */
    Map<String, float[]> published() {
        var gradients = new LinkedHashMap<String, float[]>();
        for (var p : model.parameters().all()) {
            if (sums.containsKey(p.tensor())) {
                var sum = new Parameter(p.name(), p.shape(), sums.get(p.tensor()), p.form(), p.role());
                gradients.put(p.name(), sum.published());
            }
        }
        return gradients;
    }

    void zero() {
        sums.values().forEach(sum -> sum.rows().clear());
    }

    static float[] features(String name) throws IOException {
        try (var file = Checkpoint.open(FOLDER.resolve("cases").resolve(name + ".safetensors"))) {
            return file.f32("features");
        }
    }

    @Override
    public void close() {
        engine.close();
        space.close();
        model.close();
        memory.close();
        workers.close();
    }
}
