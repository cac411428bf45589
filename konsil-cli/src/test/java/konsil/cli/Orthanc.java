package konsil.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The archive of Debian's packages orthanc and orthanc-dicomweb, on a free port of this machine, empty at first. */
final class Orthanc implements AutoCloseable {
    static final String USER = "konsil:secret";
    private static final List<String> PROGRAMS = List.of("/usr/sbin/Orthanc", "/usr/bin/Orthanc");
    private static final Path PLUGIN = Path.of("/usr/share/orthanc/plugins/libOrthancDicomWeb.so");
    private static final long PATIENCE = 10;

    private final Process process;
    private final int port;

    private Orthanc(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static Optional<String> program() {
        return PROGRAMS.stream()
                .filter(program -> Files.isExecutable(Path.of(program)) && Files.exists(PLUGIN))
                .findFirst();
    }

    static Orthanc start(Path folder) throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String config = """
                {"Name": "test", "HttpPort": %d, "DicomServerEnabled": false, "RemoteAccessAllowed": false,
                 "AuthenticationEnabled": true, "RegisteredUsers": {"konsil": "secret"},
                 "StorageDirectory": "%s", "IndexDirectory": "%s", "Plugins": ["%s"],
                 "DicomWeb": {"Enable": true, "Root": "/dicom-web/"}}
                """.formatted(port, folder.resolve("db"), folder.resolve("db"), PLUGIN);
        Path file = Files.writeString(folder.resolve("orthanc.json"), config);
        var process = new ProcessBuilder(program().orElseThrow(), file.toString())
                .redirectErrorStream(true)
                .start();
        var orthanc = new Orthanc(process, port);
        BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
        var said = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            said.append(line).append('\n');
            if (line.contains("Orthanc has started")) {
                Thread.ofVirtual().start(() -> drain(log));
                return orthanc;
            }
        }
        orthanc.close();
        throw new IOException("Orthanc does not start: " + said);
    }

    private static void drain(BufferedReader log) {
        try {
            log.transferTo(Writer.nullWriter());
        } catch (IOException _) {
            // it has ended
        }
    }

    String root() {
        return "http://127.0.0.1:" + port + "/dicom-web";
    }

    /** STOW-RS (PS3.18, 10.5). */
    void store(List<byte[]> files) throws IOException, InterruptedException {
        var body = new java.io.ByteArrayOutputStream();
        for (byte[] file : files) {
            body.writeBytes(ascii("--parts\r\nContent-Type: application/dicom\r\n\r\n"));
            body.writeBytes(file);
            body.writeBytes(ascii("\r\n"));
        }
        body.writeBytes(ascii("--parts--\r\n"));
        var request = HttpRequest.newBuilder(URI.create(root() + "/studies"))
                .header("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=parts")
                .header("Accept", "application/dicom+json")
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(ascii(USER)))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                .build();
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("STOW-RS: " + answer.statusCode() + " " + answer.body());
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
