package konsil.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import konsil.kernel.KernelChoice;
import konsil.kernel.Limits;
import konsil.kernel.WeightFormat;
import konsil.kernel.Workers;
import konsil.medasr.Emissions;
import konsil.medasr.LoadOptions;
import konsil.medasr.LongAudio;
import konsil.medasr.MedAsr;
import konsil.medasr.Recogniser;
import konsil.medasr.Windowing;
import konsil.medasr.decoding.BeamSettings;
import konsil.medasr.decoding.Decoder;
import konsil.medasr.decoding.Fusion;
import konsil.medasr.decoding.LmWeights;
import konsil.medasr.decoding.Terms;
import konsil.medasr.lm.NGramModel;

/**
 * Measures a MedASR with made-up weights, samples to text: half a minute and ten minutes of sound, a search with a
 * language model, memory. The search hears made-up emissions, since those of made-up weights look like no speech.
 */
final class AsrBench {
    /** What one run reports. */
    static final int FIGURES = 6;

    private static final int RATE = 16_000;
    private static final int SHORT = 30;
    private static final int LONG = 600;
    private static final double FRAME_SECONDS = 0.04;
    private static final int REPETITIONS = 3;
    private static final double MEMORY_BESIDE = 0.2;
    /** N-grams of each length from 3 on. */
    private static final int GRAMS = 200_000;

    private static final int FEW_GRAMS = 500;

    private final Plan plan;
    private final Limits limits;
    private final int cores;
    private final Consumer<Figure> report;

    /**
     * What is measured.
     *
     * @param file the packed model
     * @param languageModel ARPA file
     */
    record Plan(Path file, Path languageModel, AsrShape shape, WeightFormat format, int longSeconds) {
        static Plan of(Path folder, AsrShape shape, WeightFormat format) {
            return new Plan(
                    folder.resolve("model.konsil"),
                    folder.resolve("lm.arpa"),
                    shape,
                    format,
                    shape.published() ? LONG : 2 * SHORT + 5);
        }

        /** The share of real time that is aimed at on one core. */
        double realTime() {
            return format == WeightFormat.Q8_0 ? 0.022 : 0.029;
        }
    }

    AsrBench(int cores, Plan plan, Limits limits, Consumer<Figure> report) {
        this.cores = cores;
        this.plan = plan;
        this.limits = limits;
        this.report = report;
    }

    private Figure figure(String name, double value, String unit) {
        return Figure.of(name, cores, value, unit);
    }

    private Optional<Figure.Aim> aim(double seconds) {
        return plan.shape().published() && cores == 1
                ? Optional.of(Figure.atMost(seconds * plan.realTime()))
                : Optional.empty();
    }

    void run() throws IOException {
        try (var workers = new Workers(cores)) {
            long start = System.nanoTime();
            var kernels = KernelChoice.best(workers).kernels();
            try (var model = MedAsr.load(List.of(plan.file()), kernels, workers, LoadOptions.DEFAULT);
                    var recogniser = new Recogniser(model, ModelRun.MEMORY_LIMIT)) {
                seconds(recogniser, MadeUpSpeech.sound(2 * RATE));
                report.accept(figure("first text of 2 s, loading too", ModelRun.seconds(start), "s")
                        .aim(Figure.atMost(1)));
                double once = half(recogniser, workers);
                whole(recogniser, workers);
                search(once);
            }
        }
    }

    private double half(Recogniser recogniser, Workers workers) {
        float[] sound = MadeUpSpeech.sound(SHORT * RATE);
        double[] seconds = new double[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            seconds[i] = seconds(recogniser, sound);
        }
        double median = ModelRun.median(seconds);
        report.accept(shared(figure("%d s of sound".formatted(SHORT), median, "s"), SHORT, median, workers)
                .aim(aim(SHORT))
                .scaling());
        return median;
    }

    private Figure shared(Figure figure, int soundSeconds, double seconds, Workers workers) {
        double operations = plan.shape().frameOperations() * soundSeconds / FRAME_SECONDS;
        var probe = limits.probe(plan.format());
        double peak = limits.peak(probe, workers);
        return figure.share(100 * operations / seconds / peak, ModelRun.peakName(probe));
    }

    /** Samples to tokens, as a recording is transcribed without a language model. */
    private static double seconds(Recogniser recogniser, float[] sound) {
        long start = System.nanoTime();
        var search = new Decoder.Greedy(MadeUpSpeech.pieces()).start();
        var audio = new LongAudio(recogniser, Windowing.DEFAULT, emissions -> {
            search.push(emissions);
            search.take();
        });
        audio.accept(sound);
        audio.finish();
        search.finish(1);
        return ModelRun.seconds(start);
    }

    private void search(double network) throws IOException {
        var pieces = MadeUpSpeech.pieces();
        var emissions = MadeUpSpeech.emissions((int) (SHORT / FRAME_SECONDS));
        if (Files.notExists(plan.languageModel())) {
            MadeUpSpeech.writeModel(plan.languageModel(), plan.shape().published() ? GRAMS : FEW_GRAMS);
        }
        try (var model = NGramModel.open(plan.languageModel())) {
            var fusion = Fusion.of(pieces, model, LmWeights.DEFAULT);
            var beam = new Decoder.Beam(fusion, Terms.none(pieces), BeamSettings.DEFAULT);
            double greedy = decoding(new Decoder.Greedy(pieces), emissions);
            double more = decoding(beam, emissions) - greedy;
            report.accept(figure("beam with a 6-gram, %d s, more".formatted(SHORT), more, "s")
                    .share(100 * more / network, "%d s of sound".formatted(SHORT))
                    .aim(
                            plan.shape().published()
                                    ? Optional.of(Figure.shareAtMost(25))
                                    : Optional.<Figure.Aim>empty()));
        }
    }

    private static double decoding(Decoder decoder, Emissions emissions) {
        double[] seconds = new double[2 * REPETITIONS];
        for (int i = 0; i < seconds.length; i++) {
            long start = System.nanoTime();
            decoder.decode(emissions, 1);
            seconds[i] = ModelRun.seconds(start);
        }
        return ModelRun.median(seconds);
    }

    /**
     * Ten minutes: memory does not grow from there on, since windows are let go. The first run measures it before a
     * language model is made in this process; later ones have no aim.
     */
    private void whole(Recogniser recogniser, Workers workers) throws IOException {
        int length = plan.longSeconds();
        MemoryFigure.forgetPeak();
        float[] minute = MadeUpSpeech.sound(60 * RATE);
        long start = System.nanoTime();
        var search = new Decoder.Greedy(MadeUpSpeech.pieces()).start();
        var audio = new LongAudio(recogniser, Windowing.DEFAULT, emissions -> {
            search.push(emissions);
            search.take();
        });
        for (int done = 0; done < length; done++) {
            audio.accept(Arrays.copyOfRange(minute, done % 60 * RATE, (done % 60 + 1) * RATE));
        }
        audio.finish();
        search.finish(1);
        double seconds = ModelRun.seconds(start);
        String name = "%d s of sound in windows".formatted(length);
        report.accept(shared(figure(name, seconds, "s"), length, seconds, workers)
                .aim(aim(length))
                .scaling());
        report.accept(figure("share of real time", 100 * seconds / length, "%"));
        double weights = Files.size(plan.file()) / MemoryFigure.GIGA;
        double peak = (MemoryFigure.highWater() - limits.heldBytes()) / MemoryFigure.GIGA;
        report.accept(figure("peak memory", peak, "GB")
                .aim(
                        plan.shape().published() && Files.notExists(plan.languageModel())
                                ? Optional.of(Figure.atMost(weights + MEMORY_BESIDE))
                                : Optional.<Figure.Aim>empty()));
    }
}
