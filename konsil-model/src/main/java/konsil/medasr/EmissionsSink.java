package konsil.medasr;

/** Takes what the network says about sound, as it becomes certain. */
@FunctionalInterface
public interface EmissionsSink {
    /** The frames that follow those of the call before; at least one. */
    void accept(Emissions next);
}
