package konsil.kernel;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import konsil.kernel.code.CodeMemory;

/**
 * Picks the fastest kernels that this machine can run and says why. Machine code must prove itself before it is used: a
 * self-test holds it against the scalar kernels, and if they differ the vector kernels take its place.
 *
 * @param kernels checked, ready to use
 * @param reasons why not something faster, one line each; empty for machine code
 * @param features what the processor says about itself, if it could be asked
 */
public record KernelChoice(Kernels kernels, List<String> reasons, Optional<CpuFeatures> features) {
    /** System property that forces a kind: scalar, vector or machine. */
    public static final String PROPERTY = "konsil.kernels";

    /** Kinds of kernels, slowest first. */
    public enum Kind {
        SCALAR,
        VECTOR,
        MACHINE;

        /** @throws IllegalArgumentException naming the kinds there are, for a name that is none of them */
        static Kind named(String name) {
            for (var kind : values()) {
                if (kind.word().equals(name)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("-D%s=%s: want scalar, vector or machine".formatted(PROPERTY, name));
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What {@link #PROPERTY} asks for, or the fastest. Falls back, with the reason, when it cannot be had. */
    public static KernelChoice best(Workers workers) {
        String forced = System.getProperty(PROPERTY, "");
        return of(forced.isEmpty() ? Kind.MACHINE : Kind.named(forced), workers);
    }

    /** Kernels of a kind, or the next slower kind that runs here. */
    public static KernelChoice of(Kind kind, Workers workers) {
        if (kind == Kind.SCALAR) {
            return new KernelChoice(new CheckedKernels(new ScalarKernels(workers)), List.of(), Optional.empty());
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return instead(
                    new ScalarKernels(workers),
                    "the Vector API is not loaded; start Java with --add-modules=jdk.incubator.vector");
        }
        var vector = new VectorKernels(workers);
        if (kind == Kind.VECTOR) {
            return new KernelChoice(new CheckedKernels(vector), List.of(), Optional.empty());
        }
        return machine(vector, workers);
    }

    private static KernelChoice machine(Kernels vector, Workers workers) {
        String architecture = System.getProperty("os.arch");
        if (!architecture.equals("amd64") || !Libc.onLinux()) {
            return instead(
                    vector,
                    "machine code is written for Linux on x86-64, this is %s on %s"
                            .formatted(System.getProperty("os.name"), architecture));
        }
        try {
            return machine(new CodeMemory(new ExecutablePages()::install), vector, workers);
        } catch (UnsupportedOperationException | IllegalCallerException refused) {
            return instead(vector, "machine code refused: " + refused.getMessage());
        }
    }

    private static KernelChoice instead(Kernels kernels, String reason) {
        return new KernelChoice(new CheckedKernels(kernels), List.of(reason), Optional.empty());
    }

    /** Machine code, if the processor has what it needs and what it computes is right; otherwise the vector kernels. */
    static KernelChoice machine(CodeMemory code, Kernels vector, Workers workers) {
        var features = CpuFeatures.ask(code);
        if (!features.enough()) {
            String reason = "the processor lacks " + String.join(", ", features.missing());
            return new KernelChoice(new CheckedKernels(vector), List.of(reason), Optional.of(features));
        }
        var machine = new MachineKernels(code, features, workers, vector);
        var fault = new SelfTest(new ScalarKernels(workers)).firstFault(machine);
        if (fault.isPresent()) {
            machine.close();
            String reason = "machine code failed its self-test, the vector kernels take over: " + fault.get();
            return new KernelChoice(new CheckedKernels(vector), List.of(reason), Optional.of(features));
        }
        return new KernelChoice(new CheckedKernels(machine), List.of(), Optional.of(features));
    }

    /** One line for people: which kernels, and why not faster ones. */
    public String describe() {
        return reasons.isEmpty() ? kernels.describe() : kernels.describe() + " (" + String.join("; ", reasons) + ")";
    }
}
