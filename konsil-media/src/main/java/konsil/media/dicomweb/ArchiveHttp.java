package konsil.media.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import konsil.media.BadMediaException;

/** GET requests to one archive: tried again where that may help, never led elsewhere by a redirect. */
final class ArchiveHttp implements AutoCloseable {
    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);
    private static final int LATER = 4;

    private final ArchiveAddress address;
    private final Optional<Authorization> authorization;
    private final ArchiveLimits limits;
    private final HttpClient client;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("dicomweb-watch").factory());

    private volatile boolean closed;

    /** What is done with an answer; once more from the start when the connection breaks. */
    @FunctionalInterface
    interface Use<T> {
        T of(String contentType, InputStream body) throws IOException;
    }

    ArchiveHttp(ArchiveAddress address, Optional<Authorization> authorization, Optional<Path> ca, ArchiveLimits limits)
            throws IOException {
        this.address = address;
        this.authorization = authorization;
        this.limits = limits;
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limits.answer());
        if (ca.isPresent()) {
            builder.sslContext(Certificates.trusting(ca.get()));
        }
        client = builder.build();
    }

    /** What messages call the archive. */
    String name() {
        return address.host();
    }

    /**
     * @param what is asked for, as messages say it
     * @return nothing when the archive answers that there is nothing (204)
     * @throws BadMediaException when the archive does not give it
     */
    <T> Optional<T> get(String what, String path, String accept, Use<T> use) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(what, path, accept, use);
            } catch (Passing | IOException e) {
                if (attempt >= limits.tries() || e instanceof SSLException || !open()) {
                    throw new BadMediaException(name(), what + ": " + reason(e) + tried(attempt), e);
                }
                pause(attempt);
            }
        }
    }

    private <T> Optional<T> once(String what, String path, String accept, Use<T> use) throws IOException, Passing {
        var request = HttpRequest.newBuilder(address.at(path))
                .timeout(limits.answer())
                .header("Accept", accept)
                .GET();
        authorization.ifPresent(given -> request.header("Authorization", given.header()));
        HttpResponse<InputStream> response;
        try {
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadMediaException(name(), what + ": stopped", e);
        }
        try (var body = new WatchedBody(response.body(), limits.answer(), clock)) {
            int status = response.statusCode();
            if (PASSING.contains(status)) {
                throw new Passing("answers " + status);
            }
            if (status == 204) {
                return Optional.empty();
            }
            if (status != 200) {
                throw new BadMediaException(name(), "%s: answers %d%s".formatted(what, status, advice(status)));
            }
            String packed = response.headers().firstValue("Content-Encoding").orElse("identity");
            if (!packed.equalsIgnoreCase("identity")) {
                throw new BadMediaException(name(), what + ": the answer is packed, though nobody asked for that");
            }
            String type = response.headers().firstValue("Content-Type").orElse("");
            return Optional.of(use.of(type, body));
        }
    }

    private boolean open() {
        return !closed && !Thread.currentThread().isInterrupted();
    }

    private void pause(int attempt) {
        Duration time = limits.pause().multipliedBy((long) Math.pow(LATER, attempt - 1));
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String tried(int attempt) {
        return attempt == 1 ? "" : " (tried %d times)".formatted(attempt);
    }

    private String reason(Exception failure) {
        return switch (failure) {
            case Passing passing -> String.valueOf(passing.getMessage());
            case HttpTimeoutException _ ->
                String.format(
                        Locale.ROOT, "nothing came for %.1f s", limits.answer().toMillis() / 1000.0);
            case SSLException _ -> "no trust in its certificate, or no TLS there; a private authority goes into --ca";
            case UnknownHostException _ -> "there is no such host";
            case ConnectException e when e.getCause() instanceof UnresolvedAddressException -> "there is no such host";
            case ConnectException _ -> "cannot connect";
            default -> "the connection broke";
        };
    }

    private static String advice(int status) {
        return switch (status) {
            case 401, 403 -> ": it wants credentials, or others; see --auth";
            case 404 -> ": not there, or no DICOMweb at this address";
            case 406, 415 -> ": it does not give this format";
            case 413 -> ": too many results";
            default -> status / 100 == 3 ? ", a redirect, which is not followed; give the address it leads to" : "";
        };
    }

    /** Ends what is under way, too. */
    @Override
    public void close() {
        closed = true;
        client.shutdownNow();
        clock.shutdownNow();
    }

    /** A status that another try may change. */
    private static final class Passing extends Exception {
        private static final long serialVersionUID = 1L;

        Passing(String message) {
            super(message);
        }
    }
}
