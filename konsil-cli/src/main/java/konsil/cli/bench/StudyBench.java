package konsil.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import konsil.cli.Progress;
import konsil.medgemma.inputs.PatchSettings;
import konsil.medgemma.inputs.SlidePatches;
import konsil.media.dicom.DicomFile;
import konsil.media.series.SeriesVolume.Gaps;
import konsil.media.slide.SlideFile;
import konsil.media.slide.SlideSettings;
import konsil.media.study.Study;
import konsil.media.study.StudyPart;

/** Measures how fast studies are read: packed slices, a series, a slide. The files are made here and removed again. */
final class StudyBench {
    /** What is reported. */
    static final int FIGURES = 6;

    private static final int WARM_UPS = 12;
    private static final int RUNS = 9;
    private static final int FEW_RUNS = 3;
    private static final double MILLI = 1e3;

    private final Path folder;
    private final int slices;
    private final int patches;
    private final Consumer<Figure> report;

    /**
     * @param folder for files, there
     * @param slices of the series, 300 for the aim
     * @param patches of the slide, 126 for the aim
     */
    StudyBench(Path folder, int slices, int patches, Consumer<Figure> report) {
        this.folder = folder;
        this.slices = slices;
        this.patches = patches;
        this.report = report;
    }

    /** All figures, in a folder that is made and removed here. */
    static List<Figure> run(int slices, int patches, Progress progress) throws IOException {
        Path folder = Files.createTempDirectory("konsil-bench");
        var figures = new java.util.ArrayList<Figure>();
        try {
            new StudyBench(folder, slices, patches, figure -> {
                        figures.add(figure);
                        progress.add(1);
                    })
                    .run();
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
        return figures;
    }

    private void run() throws IOException {
        short[] values = MadeUpSlice.values();
        unpack("RLE slice, 512 x 512", MadeUpSlice.runLength(values), 5);
        unpack("JPEG-LS slice, 512 x 512", MadeUpSlice.jpegLs(), 25);
        unpack("JPEG 2000 slice, 512 x 512", MadeUpSlice.jpeg2000(), 120);
        for (int i = 0; i < slices; i++) {
            Files.write(folder.resolve("slice-%04d.dcm".formatted(i)), MadeUpSlice.plain(values, i));
        }
        volume();
        for (int i = 0; i < slices; i++) {
            Files.delete(folder.resolve("slice-%04d.dcm".formatted(i)));
        }
        slide(folder.resolve("slide.svs"));
    }

    private void unpack(String name, DicomFile file, double aim) {
        var pixels = file.pixels();
        for (int i = 0; i < WARM_UPS; i++) {
            pixels.frame(0);
        }
        double[] seconds = IntStream.range(0, RUNS)
                .mapToDouble(_ -> {
                    long start = System.nanoTime();
                    pixels.frame(0);
                    return ModelRun.seconds(start);
                })
                .toArray();
        report.accept(Figure.of(name, 1, MILLI * ModelRun.median(seconds), "ms").aim(Figure.atMost(aim)));
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    private void volume() throws IOException {
        double[] seconds = new double[FEW_RUNS];
        for (int i = 0; i < FEW_RUNS; i++) {
            long start = System.nanoTime();
            try (Study study = Study.open(folder)) {
                ((StudyPart.Volumes) study.shown().getFirst()).loading().load(Gaps.REFUSE);
            }
            seconds[i] = ModelRun.seconds(start);
        }
        Arrays.sort(seconds);
        var figure = Figure.of("%d uncompressed slices".formatted(slices), cores(), ModelRun.median(seconds), "s");
        report.accept(slices == 300 ? figure.aim(Figure.atMost(1.5)) : figure);
    }

    private void slide(Path path) throws IOException {
        MadeUpSlide.write(path);
        long start = System.nanoTime();
        try (var slide = SlideFile.open(path, SlideSettings.DEFAULT)) {
            report.accept(Figure.of("open a slide of 1 GB", cores(), ModelRun.seconds(start), "s")
                    .aim(Figure.atMost(0.5)));
            start = System.nanoTime();
            var shown = SlidePatches.of(slide, PatchSettings.published());
            int count = Math.min(patches, shown.count());
            IntStream.range(0, count).parallel().forEach(shown::picture);
            var figure = Figure.of("%d patches of it".formatted(count), cores(), ModelRun.seconds(start), "s");
            report.accept(count == PatchSettings.PUBLISHED_MOST ? figure.aim(Figure.atMost(10)) : figure);
            double each = MILLI * figure.value() / count;
            report.accept(Figure.of("one patch of 896 x 896", cores(), each, "ms"));
        }
    }
}
