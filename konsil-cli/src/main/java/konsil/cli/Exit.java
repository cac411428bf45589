package konsil.cli;

/** What the konsil process tells its caller. The codes are part of the command's contract; its help lists them. */
public enum Exit {
    /** Done as asked. */
    OK(0, "done as asked"),
    /** The command ran and its answer is no: a check failed, values differ. */
    NEGATIVE(1, "ran, and the answer is no (a check failed, values differ)"),
    /** The command line cannot be understood. */
    USAGE(2, "the command line cannot be understood"),
    /** A file or a setting that the user handed over cannot be used. */
    BAD_INPUT(3, "a file or setting cannot be used"),
    /** This machine lacks something: a newer JDK, memory, disk space, a build tool. */
    ENVIRONMENT(4, "this machine lacks something (JDK, memory, disk, build tool)"),
    /** A fault of Konsil itself. */
    FAULT(70, "a fault of Konsil itself"),
    /** Stopped by Ctrl-C (128 + SIGINT); the JVM's own signal handler ends the process with it. */
    INTERRUPTED(130, "stopped by Ctrl-C");

    private final int code;
    private final String meaning;

    Exit(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** The process's exit code, 0..255. */
    public int code() {
        return code;
    }

    /** One line for people. */
    public String meaning() {
        return meaning;
    }
}
