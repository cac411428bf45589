package konsil.cli;

import java.util.Optional;

/** Which JDKs Konsil runs on: 25.0.3 and newer. The start script and the build hold the same rule. */
final class JavaVersion {
    private static final Runtime.Version OLDEST = Runtime.Version.parse("25.0.3");

    private JavaVersion() {}

    /** Why this version is refused, and what to do; empty if it will do. */
    static Optional<String> refusal(Runtime.Version version) {
        if (version.compareToIgnoreOptional(OLDEST) >= 0) return Optional.empty();
        String reason = version.feature() == OLDEST.feature()
                ? "its garbage collector may move arrays that native code is using (JDK-8377811)"
                : "Konsil is written for Java " + OLDEST.feature();
        return Optional.of("JDK %s cannot run Konsil: %s. Install JDK 25.0.3 or newer, for example Temurin 25."
                .formatted(version, reason));
    }
}
