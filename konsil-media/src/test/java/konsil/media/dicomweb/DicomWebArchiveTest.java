package konsil.media.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import konsil.media.BadMediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of an archive, and what is made of its answers, on this machine alone. */
class DicomWebArchiveTest {
    private static final String SERIES = "0020000E";
    private static final String INSTANCE = "00080018";
    private static final SeriesRecord ONE = new SeriesRecord("1.2", "1.2.3", "CT", 1);

    @TempDir
    private Path folder;

    private static ArchiveLimits limits(int patience) {
        return new ArchiveLimits(Duration.ofMillis(patience), Duration.ZERO, 3, 1000, 1500, 10, 2);
    }

    private static DicomWebArchive archive(StubArchive stub) throws IOException {
        return archive(stub, Optional.empty(), 20_000);
    }

    private static DicomWebArchive archive(StubArchive stub, Optional<Authorization> who, int patience)
            throws IOException {
        var address = ArchiveAddress.parse("http://127.0.0.1:%d/dicom-web/".formatted(stub.port()), false);
        return DicomWebArchive.of(address, who, Optional.empty(), limits(patience));
    }

    /** Runs a search against answers that were set up. */
    private static List<SeriesRecord> search(Consumer<StubArchive> setUp, int most) throws IOException {
        try (var stub = StubArchive.start()) {
            setUp.accept(stub);
            try (var archive = archive(stub)) {
                return archive.series("", "", most);
            }
        }
    }

    /** Fetches the one instance 1.2.3.4 from answers that were set up. @return its bytes */
    private byte[] fetch(Consumer<StubArchive> setUp) throws IOException {
        try (var stub = StubArchive.start()) {
            stub.found(INSTANCE, "1.2.3.4").then(204, StubArchive.JSON, "");
            setUp.accept(stub);
            try (var archive = archive(stub)) {
                var download = new SeriesDownload(archive, folder);
                download.fetch(download.plan(List.of(ONE)), _ -> {});
                return Files.readAllBytes(folder.resolve("000001.dcm"));
            }
        }
    }

    private static String parts(String... bodies) {
        var text = new StringBuilder();
        for (String body : bodies) {
            text.append("--b\r\nContent-Type: application/dicom\r\n\r\n")
                    .append(body)
                    .append("\r\n");
        }
        return text + "--b--";
    }

    @Test
    void asksPageAfterPageAsTheStandardWants() throws IOException {
        try (var stub = StubArchive.start()) {
            stub.found(SERIES, "1.1", "1.2").found(SERIES, "1.3").found(SERIES);
            var who = Optional.of(Authorization.parse("x", "basic ann:pass word\n"));
            try (var archive = archive(stub, who, 20_000)) {
                assertThat(archive.series("", "", 9))
                        .extracting(SeriesRecord::series)
                        .containsExactly("1.1", "1.2", "1.3");
            }
            String head = "GET /dicom-web/series?includefield=00080060&includefield=00201209&limit=2&offset=";
            String tail = "|application/dicom+json|Basic YW5uOnBhc3Mgd29yZA==";
            assertThat(stub.asked).containsExactly(head + 0 + tail, head + 2 + tail, head + 3 + tail);
        }
    }

    @Test
    void aSearchEnds() throws IOException {
        assertThat(search(stub -> stub.found(SERIES, "1.1", "1.2"), 9))
                .as("offset ignored")
                .hasSize(2);
        assertThat(search(stub -> stub.found(SERIES, "1.1", "1.2", "1.3"), 2))
                .as("limit ignored")
                .hasSize(2);
        assertThat(search(stub -> stub.then(204, StubArchive.JSON, ""), 9)).isEmpty();
        assertThatThrownBy(() -> search(stub -> stub.found(SERIES, "1.1/../../x"), 9))
                .hasMessageContaining("a result has no UID, or one that is none");
    }

    @Test
    void otherSeriesThanAskedForAreLeftOut() throws IOException {
        try (var stub = StubArchive.start().found(SERIES, "1.1", "1.2");
                var archive = archive(stub)) {
            assertThat(archive.series("1.2", "1.2", 9)).containsExactly(new SeriesRecord("1.2", "1.2", "", 0));
            assertThat(stub.asked.getFirst()).startsWith("GET /dicom-web/studies/1.2/series?SeriesInstanceUID=1.2&");
            assertThatThrownBy(() -> archive.series("../x", "", 1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, it wants credentials",
        "403, it wants credentials",
        "404, 'not there, or no DICOMweb'",
        "406, it does not give this format",
        "413, too many results",
        "302, 'a redirect, which is not followed'",
        "500, answers 500"
    })
    void oneTryAndOneLineForWhatStays(int status, String words) throws IOException {
        try (var stub = StubArchive.start().then(status, "text/plain", "DOE^JANE");
                var archive = archive(stub)) {
            assertThatThrownBy(() -> archive.series("", "", 9))
                    .isInstanceOf(BadMediaException.class)
                    .hasMessageStartingWith(
                            "127.0.0.1:%d: search for series: answers %d".formatted(stub.port(), status))
                    .hasMessageContaining(words)
                    .hasMessageNotContaining("DOE");
            assertThat(stub.asked).hasSize(1);
        }
    }

    @Test
    void redirectsLeadNowhere() throws IOException {
        try (var other = StubArchive.start().found(SERIES, "1.1");
                var stub = StubArchive.start().then(exchange -> {
                    exchange.getResponseHeaders().set("Location", "http://127.0.0.1:" + other.port() + "/");
                    exchange.sendResponseHeaders(307, -1);
                });
                var archive = archive(stub)) {
            assertThatThrownBy(() -> archive.series("", "", 9)).hasMessageContaining("answers 307, a redirect");
            assertThat(other.asked).isEmpty();
        }
    }

    @Test
    void triesAgainWhatMayPass() throws IOException {
        assertThat(search(
                        stub -> stub.then(503, "text/plain", "x")
                                .then(exchange -> exchange.close())
                                .found(SERIES, "1.1")
                                .found(SERIES),
                        9))
                .hasSize(1);
        assertThatThrownBy(() -> search(stub -> stub.then(503, "text/plain", "x"), 9))
                .hasMessageContaining("answers 503 (tried 3 times)");
        assertThatThrownBy(() -> search(stub -> stub.then(exchange -> exchange.close()), 9))
                .hasMessageContaining("(tried 3 times)");
    }

    @Test
    void silenceIsNotWaitedForForever() throws IOException {
        var over = new CountDownLatch(1);
        try (var stub = StubArchive.start().then(exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", StubArchive.JSON);
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write('[');
                    exchange.getResponseBody().flush();
                    await(over);
                });
                var archive = archive(stub, Optional.empty(), 150)) {
            assertThatThrownBy(() -> archive.series("", "", 9)).hasMessageContaining("nothing came for 0.2 s");
            over.countDown();
        }
    }

    private static void await(CountDownLatch over) {
        try {
            over.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whoIsNotThereIsSaid() throws IOException {
        DicomWebArchive gone;
        try (var stub = StubArchive.start()) {
            gone = archive(stub);
        }
        try (gone) {
            assertThatThrownBy(() -> gone.series("", "", 9)).hasMessageContaining("cannot connect (tried 3 times)");
        }
    }

    @Test
    void fetchesEachInstanceAsItIsStored() throws IOException {
        try (var stub = StubArchive.start()) {
            stub.found(INSTANCE, "1.5", "1.6").found(INSTANCE);
            stub.then(200, StubArchive.PARTS, parts("one")).then(200, "application/dicom", "two");
            try (var archive = archive(stub)) {
                var download = new SeriesDownload(archive, folder);
                var plan = download.plan(List.of(ONE));
                assertThat(plan.instances()).isEqualTo(2);
                var sizes = new ArrayList<Long>();
                download.fetch(plan, size -> {
                    synchronized (sizes) {
                        sizes.add(size);
                    }
                });
                assertThat(sizes).containsExactly(3L, 3L);
            }
            try (var files = Files.list(folder)) {
                assertThat(files.map(Path::getFileName).map(Path::toString))
                        .containsExactlyInAnyOrder("000001.dcm", "000002.dcm");
            }
            assertThat(stub.asked.subList(2, 4))
                    .allMatch(line -> line.startsWith("GET /dicom-web/studies/1.2/series/1.2.3/instances/1.")
                            && line.contains("|multipart/related; type=\"application/dicom\"; transfer-syntax=*|null"));
        }
    }

    @Test
    void aBrokenConnectionStartsTheFileAnew() throws IOException {
        byte[] got = fetch(stub -> stub.then(exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", StubArchive.PARTS);
                    exchange.sendResponseHeaders(200, 900);
                    exchange.getResponseBody().write(parts("xx").getBytes(java.nio.charset.StandardCharsets.UTF_8));
                })
                .then(200, StubArchive.PARTS, parts("whole")));
        assertThat(got).asString().isEqualTo("whole");
    }

    @ParameterizedTest
    @CsvSource({
        "text/html, --b, neither multipart/related nor application/dicom",
        "multipart/related, --b, the boundary between the parts",
        "multipart/related; boundary=b, --b--, the answer has no part",
        "multipart/related; boundary=b, hello, cut off",
        "multipart/related; boundary=c, --b--, cut off"
    })
    void refusesOtherBodies(String type, String body, String words) {
        assertThatThrownBy(() -> fetch(stub -> stub.then(200, type, body)))
                .isInstanceOf(BadMediaException.class)
                .hasMessageContaining(words);
    }

    @Test
    void refusesPartsThatAreOtherOrTooMany() {
        String other = parts("x").replace("application/dicom", "text/html");
        assertThatThrownBy(() -> fetch(stub -> stub.then(200, StubArchive.PARTS, other)))
                .hasMessageContaining("a part of the answer is not application/dicom");
        assertThatThrownBy(() -> fetch(stub -> stub.then(200, StubArchive.PARTS, parts("x", "y"))))
                .hasMessageContaining("more than one part");
        assertThatThrownBy(() -> fetch(stub -> stub.then(200, StubArchive.PARTS, parts("x".repeat(1001)))))
                .hasMessageContaining("more than 1000 bytes");
        assertThatThrownBy(() -> fetch(stub -> stub.then(200, "application/dicom", "x".repeat(1001))))
                .hasMessageContaining("more than 1000 bytes");
        assertThatThrownBy(() -> fetch(stub -> stub.then(204, "x", "")))
                .hasMessageContaining("the archive has it no more");
        assertThatThrownBy(() -> fetch(stub -> stub.then(exchange -> {
                    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                    exchange.sendResponseHeaders(200, 2);
                    exchange.getResponseBody().write(new byte[2]);
                })))
                .hasMessageContaining("is packed");
    }

    @Test
    void refusesMoreThanTheLimits() throws IOException {
        try (var stub = StubArchive.start()) {
            stub.found(INSTANCE, "1.5", "1.6").found(INSTANCE).then(200, "application/dicom", "x".repeat(900));
            try (var archive = archive(stub)) {
                var download = new SeriesDownload(archive, folder);
                var plan = download.plan(List.of(ONE));
                assertThatThrownBy(() -> download.fetch(plan, _ -> {})).hasMessageContaining("more than 1500 bytes");
            }
        }
        try (var stub = StubArchive.start().found(INSTANCE);
                var archive = archive(stub)) {
            assertThatThrownBy(() -> new SeriesDownload(archive, folder).plan(List.of(ONE)))
                    .hasMessageContaining("search for instances: the series has none");
        }
        String[] many =
                java.util.stream.IntStream.range(0, 12).mapToObj(i -> "1." + i).toArray(String[]::new);
        try (var stub = StubArchive.start().found(INSTANCE, many);
                var archive = archive(stub)) {
            assertThatThrownBy(() -> new SeriesDownload(archive, folder).plan(List.of(ONE)))
                    .hasMessageContaining("more than 10, the limit");
        }
    }

    @Test
    void anotherInstanceIsRefused() {
        byte[] file = InstanceBytes.withUid("9.9.9");
        assertThatThrownBy(() -> fetch(stub -> stub.then(200, "application/dicom", file)))
                .hasMessageContaining("another instance than was asked for");
    }

    @ParameterizedTest
    @CsvSource({
        "pacs/dicom, want https",
        "ftp://pacs/x, want https",
        "https://ann:secret@pacs/x, want neither a user",
        "https://pacs/x?token=secret, want neither a user",
        "'http://a b', this is no address",
        "http://192.0.2.1/x, use https"
    })
    void addressesAreChecked(String text, String words) {
        assertThatThrownBy(() -> ArchiveAddress.parse(text, false))
                .isInstanceOf(BadMediaException.class)
                .hasMessageContaining(words)
                .hasMessageNotContaining("secret");
        assertThat(ArchiveAddress.parse("http://192.0.2.1:81/x//", true).host()).isEqualTo("192.0.2.1:81");
    }

    @Test
    void credentialsAreReadAndNeverShown() {
        assertThat(Authorization.parse("f", " Bearer a.b-c= \n").header()).isEqualTo("Bearer a.b-c=");
        assertThat(Authorization.parse("f", "bearer abc").toString()).doesNotContain("abc");
        for (String bad :
                List.of("", "secret", "basic secret", "basic :secret", "bearer se cret", "basic a:sec\nret")) {
            assertThatThrownBy(() -> Authorization.parse("f", bad))
                    .hasMessage("f: want one line, basic USER:PASSWORD or bearer TOKEN");
        }
    }
}
