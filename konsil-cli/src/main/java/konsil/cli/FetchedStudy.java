package konsil.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import konsil.media.dicomweb.DicomWebArchive;
import konsil.media.dicomweb.SeriesDownload;
import konsil.media.study.Study;

/**
 * Series of an archive in a folder of their own, which only this user may read, and which is gone when this closes or
 * the process is interrupted.
 */
final class FetchedStudy {
    private FetchedStudy() {}

    /**
     * @return closing it deletes the files
     * @throws konsil.media.BadMediaException when the archive does not give them
     */
    static Study open(DicomWebOptions options, Output output) throws IOException {
        var folder = new Folder(options.archive());
        try {
            fetch(options, folder, output);
            Study study = Study.open(folder.path);
            return new Study(study.parts(), study.files(), () -> {
                study.close();
                folder.close();
            });
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private static void fetch(DicomWebOptions options, Folder folder, Output output) throws IOException {
        var download = new SeriesDownload(folder.archive, folder.path);
        var plan = download.plan(options.found(folder.archive));
        try (var progress = output.start("fetching instances", plan.instances(), Progress.Unit.STEPS)) {
            download.fetch(plan, _ -> progress.add(1));
        }
        folder.archive.close();
    }

    /** The folder and who fills it. */
    private static final class Folder implements AutoCloseable {
        private static final int TRIES = 5;

        private final Path path;
        private final DicomWebArchive archive;
        private final Thread hook = new Thread(this::end, "delete-fetched");

        Folder(DicomWebArchive archive) throws IOException {
            this.archive = archive;
            path = Files.createTempDirectory("konsil-dicomweb-");
            Runtime.getRuntime().addShutdownHook(hook);
        }

        private void end() {
            archive.close();
            // A file that is just being written may appear once more.
            for (int i = 0; i < TRIES && Files.exists(path); i++) {
                try (var walk = Files.walk(path)) {
                    for (Path one : walk.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(one);
                    }
                } catch (IOException | UncheckedIOException _) {
                    Thread.onSpinWait();
                }
            }
            if (Files.exists(path)) {
                System.err.println("konsil: cannot delete " + path);
            }
        }

        @Override
        public void close() {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
                end();
            } catch (IllegalStateException _) {
                // the process ends, and the hook deletes
            }
        }
    }
}
