package konsil.eval.golden;

import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import konsil.eval.golden.Comparison.Outcome;
import konsil.kernel.Kernels;
import konsil.kernel.NativeMemory;
import konsil.kernel.Workers;
import konsil.medasr.LoadOptions;
import konsil.medasr.LogMel;
import konsil.medasr.MedAsr;
import konsil.tensor.BadInputException;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;
import konsil.tensor.file.Parameters.Parameter;
import konsil.train.TrainingEngine;
import konsil.train.asr.SpeechLearner;
import konsil.train.asr.SpeechLearner.Heard;
import konsil.train.asr.SpeechSubject;

/**
 * Gradients of the mean CTC loss of the first case, for its reference and on running statistics, against the golden
 * ones. All in f32, whatever the format that is verified: that is how a model is trained.
 */
record LasrGradients(LasrGolden golden, VerifySettings settings) {
    private static final String STAGE = "grads";

    /** Empty when the directory has none. */
    Optional<CaseReport> report(Kernels kernels, Workers workers) throws IOException {
        var wanted = golden.gradients();
        var first = golden.cases().stream().findFirst();
        if (wanted.isEmpty() || first.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new CaseReport(
                first.get().name() + ", gradients", List.of(comparison(first.get(), wanted, kernels, workers))));
    }

    private Comparison comparison(LasrCase c, Map<String, float[]> wanted, Kernels kernels, Workers workers)
            throws IOException {
        var values = golden.values(c);
        var features = values.of(LasrStages.FEATURES)
                .or(() -> values.of(LasrStages.SAMPLES).map(samples -> new LogMel().of(samples)));
        if (features.isEmpty() || c.reference().isEmpty()) {
            return Comparison.skipped(STAGE, "no features or no reference in the golden directory");
        }
        var folder = settings.model();
        try (var model = MedAsr.load(settings.paths(), kernels, workers, LoadOptions.forTraining());
                var space = new Workspace(settings.memoryLimit());
                var engine = new TrainingEngine(kernels, workers, space);
                var memory = new NativeMemory()) {
            var subject = new SpeechSubject(model, folder);
            var sums = new IdentityHashMap<Tensor, Tensor>();
            subject.learnt().forEach(tensor -> sums.put(tensor, Tensor.zeros(memory, tensor.shape())));
            var heard = new Heard(features.get(), c.reference().get());
            new SpeechLearner(subject, engine, Keeping.LINK_INPUTS).learn(List.of(heard), sums);
            return worst(published(model, sums), wanted);
        } catch (BadInputException | IllegalArgumentException e) {
            return Comparison.same(STAGE, false, Double.POSITIVE_INFINITY, e.getMessage());
        }
    }

    private static Map<String, float[]> published(MedAsr model, Map<Tensor, Tensor> sums) {
        var gradients = new HashMap<String, float[]>();
        for (var p : model.parameters().all()) {
            Tensor sum = sums.get(p.tensor());
            if (sum != null) {
                gradients.put(p.name(), new Parameter(p.name(), p.shape(), sum, p.form(), p.role()).published());
            }
        }
        return gradients;
    }

    /** Every tensor by itself; the worst one counts. */
    private static Comparison worst(Map<String, float[]> actual, Map<String, float[]> wanted) {
        double worst = 0;
        String name = "";
        for (var entry : wanted.entrySet()) {
            float[] gradient = actual.get(entry.getKey());
            if (gradient == null) {
                return Comparison.same(
                        STAGE, false, Double.POSITIVE_INFINITY, "the model has no tensor " + entry.getKey());
            }
            double difference = Distance.relative(gradient, entry.getValue());
            if (difference > worst) {
                worst = difference;
                name = entry.getKey();
            }
        }
        boolean near = worst <= VerifySettings.TOLERANCE;
        return new Comparison(
                STAGE,
                near ? Outcome.PASSED : Outcome.OFF,
                OptionalDouble.of(worst),
                OptionalDouble.empty(),
                near ? "" : "most in " + name);
    }
}
