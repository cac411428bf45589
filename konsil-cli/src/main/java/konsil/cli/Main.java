package konsil.cli;

/** Entry of the konsil command. */
public final class Main {
    private Main() {}

    /** Prints the version. */
    public static void main(String[] args) {
        System.out.println("konsil 0.1.0");
    }
}
