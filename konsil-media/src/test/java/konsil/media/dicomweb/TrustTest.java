package konsil.media.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import konsil.media.BadMediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with a certificate that nobody but a file of the user vouches for, made by the JDK's keytool. */
class TrustTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private Path folder;

    private void keytool(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(words));
        command.addAll(List.of("-alias", "a", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", folder.resolve("keys").toString()));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }

    private StubArchive secured() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(folder.resolve("keys").toFile(), PASSWORD.toCharArray());
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new StubArchive(server);
    }

    private static List<SeriesRecord> search(StubArchive stub, String host, Optional<Path> ca) throws IOException {
        var address = ArchiveAddress.parse("https://%s:%d/x".formatted(host, stub.port()), false);
        try (var archive = DicomWebArchive.of(address, Optional.empty(), ca, ArchiveLimits.usual())) {
            return archive.series("", "", 9);
        }
    }

    @Test
    void onlyTheFileVouchesAndOnlyForItsHost() throws Exception {
        Path pem = folder.resolve("ca.pem");
        keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=test", "-ext", "san=ip:127.0.0.1", "-validity", "2");
        keytool("-exportcert", "-rfc", "-file", pem.toString());
        try (var stub = secured().found("0020000E", "1.1").found("0020000E")) {
            assertThat(search(stub, "127.0.0.1", Optional.of(pem))).hasSize(1);
            int asked = stub.asked.size();
            assertThatThrownBy(() -> search(stub, "127.0.0.1", Optional.empty()))
                    .isInstanceOf(BadMediaException.class)
                    .hasMessageContaining("no trust in its certificate");
            assertThatThrownBy(() -> search(stub, "localhost", Optional.of(pem)))
                    .isInstanceOf(BadMediaException.class)
                    .hasMessageContaining("no trust in its certificate");
            assertThat(stub.asked).hasSize(asked);
        }
        Path none = Files.writeString(folder.resolve("none.pem"), "hello");
        assertThatThrownBy(() -> Certificates.trusting(none))
                .isInstanceOf(BadMediaException.class)
                .hasMessageStartingWith("none.pem: holds no");
    }
}
