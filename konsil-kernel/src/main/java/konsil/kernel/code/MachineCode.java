package konsil.kernel.code;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/** A function in executable memory that takes six 64-bit numbers in registers and returns nothing. */
public final class MachineCode {
    private static final MethodHandle CALL = handle();

    private final MemorySegment entry;

    /** @param entry where the code begins, in memory that may be executed */
    public MachineCode(MemorySegment entry) {
        this.entry = entry;
    }

    @SuppressWarnings("restricted") // native access is what this class is for; the launcher grants it
    private static MethodHandle handle() {
        var parameters = new ValueLayout[6];
        Arrays.fill(parameters, ValueLayout.JAVA_LONG);
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(parameters));
    }

    /** Calls the function: the numbers arrive in rdi, rsi, rdx, rcx, r8 and r9. */
    public void call(long a, long b, long c, long d, long e, long f) {
        try {
            CALL.invokeExact(entry, a, b, c, d, e, f);
        } catch (Throwable thrown) {
            throw new IllegalStateException("machine code", thrown);
        }
    }
}
