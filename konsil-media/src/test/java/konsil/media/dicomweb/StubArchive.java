package konsil.media.dicomweb;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An archive on this machine that answers what a test wants, in order; the last answer stays. */
final class StubArchive implements AutoCloseable {
    static final String JSON = "application/dicom+json";
    static final String PARTS = "multipart/related; type=\"application/dicom\"; boundary=b";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Deque<HttpHandler> answers = new ArrayDeque<>();
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    StubArchive(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    static StubArchive start() throws IOException {
        return new StubArchive(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        asked.add("%s %s|%s|%s"
                .formatted(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI(),
                        headers.getFirst("Accept"),
                        headers.getFirst("Authorization")));
        HttpHandler next;
        synchronized (answers) {
            next = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
        }
        try (exchange) {
            next.handle(exchange);
        }
    }

    StubArchive then(HttpHandler answer) {
        synchronized (answers) {
            answers.add(answer);
        }
        return this;
    }

    StubArchive then(int status, String type, byte[] body) {
        return then(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        });
    }

    StubArchive then(int status, String type, String body) {
        return then(status, type, body.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A page of search results. */
    StubArchive found(String tag, String... uids) {
        var text = new StringBuilder("[");
        for (String uid : uids) {
            text.append(text.length() > 1 ? "," : "")
                    .append("{\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]},\"%s\":{\"Value\":[\"%s\"]}}"
                            .formatted(tag, uid));
        }
        return then(200, JSON, text + "]");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
