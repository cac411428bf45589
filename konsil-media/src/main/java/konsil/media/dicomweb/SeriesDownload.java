package konsil.media.dicomweb;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import konsil.media.BadMediaException;
import konsil.media.dicom.DicomFile;
import konsil.media.dicom.Tag;

/** Files of series, by WADO-RS (PS3.18, 10.4): each as it is stored, whatever its transfer syntax. */
public final class SeriesDownload {
    private static final String DICOM = "application/dicom";
    private static final String ACCEPT = "multipart/related; type=\"" + DICOM + "\"; transfer-syntax=*";
    private static final String WHAT = "fetch an instance";
    private static final int AT_ONCE = 4;

    private final DicomWebArchive archive;
    private final Path folder;
    private final AtomicLong bytes = new AtomicLong();

    /** @param folder where files go, with names of our own */
    public SeriesDownload(DicomWebArchive archive, Path folder) {
        this.archive = archive;
        this.folder = folder;
    }

    /** One instance of a series and where it goes. */
    private record Order(SeriesRecord series, String instance, Path file) {}

    /** What is to be fetched. */
    public static final class Plan {
        private final List<Order> orders;

        private Plan(List<Order> orders) {
            this.orders = orders;
        }

        /** How many instances. */
        public int instances() {
            return orders.size();
        }
    }

    /** Asks what the series hold. @throws BadMediaException when the archive does not say */
    public Plan plan(List<SeriesRecord> series) {
        var orders = new ArrayList<Order>();
        for (SeriesRecord one : series) {
            for (String instance : archive.instances(one)) {
                String name = String.format(Locale.ROOT, "%06d.dcm", orders.size() + 1);
                orders.add(new Order(one, instance, folder.resolve(name)));
            }
            if (orders.size() > archive.limits().instances()) {
                throw bad("more than %d instances in all, the limit"
                        .formatted(archive.limits().instances()));
            }
        }
        return new Plan(orders);
    }

    /**
     * Fetches, four at a time; the first failure ends it.
     *
     * @param arrived takes the bytes of each instance, from several threads
     * @throws BadMediaException when the archive does not give what it should
     * @throws IOException when the disk fails
     */
    public void fetch(Plan plan, LongConsumer arrived) throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> under = new ArrayList<>();
            for (Order order : plan.orders) {
                under.add(pool.submit(() -> arrived.accept(fetch(order))));
            }
            for (Future<?> one : under) {
                one.get();
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case UncheckedIOException disk -> throw disk.getCause();
                case RuntimeException other -> throw other;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw bad("stopped");
        } finally {
            pool.shutdownNow();
            pool.close();
        }
    }

    private long fetch(Order order) {
        String path = "/studies/%s/series/%s/instances/%s"
                .formatted(order.series.study(), order.series.series(), order.instance);
        long count = archive.http()
                .get(WHAT, path, ACCEPT, (type, body) -> receive(type, body, order.file))
                .orElseThrow(() -> bad("the archive has it no more"));
        requireSame(order);
        if (bytes.addAndGet(count) > archive.limits().totalBytes()) {
            throw bad("more than %d bytes in all, the limit"
                    .formatted(archive.limits().totalBytes()));
        }
        return count;
    }

    private long receive(String type, InputStream body, Path file) throws IOException {
        String media = Multipart.mediaType(type);
        long most = archive.limits().instanceBytes();
        try (OutputStream out = new DiskFile(file)) {
            if (media.equals(DICOM)) {
                return plain(body, out, most);
            }
            if (!media.equals("multipart/related")) {
                throw bad("the answer is neither multipart/related nor " + DICOM);
            }
            var parts = new Multipart(archive.http().name(), body, Multipart.boundary(type));
            if (!parts.next(most)) {
                throw bad("the answer has no part");
            }
            if (!parts.type().equals(DICOM)) {
                throw bad("a part of the answer is not " + DICOM);
            }
            long count = parts.copy(out, most);
            if (parts.next(most)) {
                throw bad("the answer has more than one part");
            }
            return count;
        }
    }

    private long plain(InputStream body, OutputStream out, long most) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long count = 0;
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            count += n;
            if (count > most) {
                throw bad("has more than %d bytes, the limit".formatted(most));
            }
            out.write(buffer, 0, n);
        }
        return count;
    }

    /** Another patient's image under this UID would be worse than none. Damaged files are told later, one by one. */
    private void requireSame(Order order) {
        String got;
        try {
            got = DicomFile.open(order.file)
                    .dataSet()
                    .text(Tag.SOP_INSTANCE_UID)
                    .orElse(order.instance);
        } catch (BadMediaException _) {
            return;
        }
        if (!got.equals(order.instance)) {
            throw bad("the archive gave another instance than was asked for");
        }
    }

    private BadMediaException bad(String why) {
        return new BadMediaException(archive.http().name(), WHAT + ": " + why);
    }

    /** A file whose failures are told apart from the network's, which are worth another try. */
    private static final class DiskFile extends FilterOutputStream {
        DiskFile(Path file) {
            super(open(file));
        }

        private static OutputStream open(Path file) {
            try {
                return Files.newOutputStream(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            try {
                out.write(from, offset, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
