package konsil.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import konsil.media.BadMediaException;
import konsil.tensor.BadInputException;

/** Turns what went wrong into one message for the person at the terminal and an exit code for the program behind it. */
record Failures(PrintStream err, boolean debug) {
    Exit report(Throwable failure) {
        Exit exit = kind(failure);
        String message =
                switch (exit) {
                    case FAULT ->
                        "This is a fault in Konsil: %s. Run it again with --debug for the place, and report it."
                                .formatted(failure);
                    default -> message(failure);
                };
        err.println("konsil: " + message);
        if (debug) failure.printStackTrace(err);
        return exit;
    }

    private static Exit kind(Throwable failure) {
        return switch (failure) {
            case BadInputException _ -> Exit.BAD_INPUT;
            case BadMediaException _ -> Exit.BAD_INPUT;
            case IOException problem when isDiskFull(problem) -> Exit.ENVIRONMENT;
            case IOException _ -> Exit.BAD_INPUT;
            case EnvironmentException _ -> Exit.ENVIRONMENT;
            case OutOfMemoryError _ -> Exit.ENVIRONMENT;
            default -> Exit.FAULT;
        };
    }

    private static String message(Throwable failure) {
        return switch (failure) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
            case AccessDeniedException denied -> denied.getFile() + ": access denied for this user";
            case FileAlreadyExistsException there -> there.getFile() + ": exists already";
            case IOException problem when isDiskFull(problem) -> "The disk is full. " + problem.getMessage();
            case OutOfMemoryError _ ->
                "Out of Java memory (heap of %s). Give more with KONSIL_JAVA_OPTIONS=-Xmx8g, or close other programs."
                        .formatted(Sizes.text(Runtime.getRuntime().maxMemory()));
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        };
    }

    /** The JDK has no type of its own for it. */
    private static boolean isDiskFull(IOException problem) {
        String message = String.valueOf(problem.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("not enough space");
    }
}
