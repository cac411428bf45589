package konsil.kernel.code;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Machine code that was written so far: each {@link Routine} is assembled when it is first asked for. */
public final class CodeMemory {
    private final Function<byte[], MemorySegment> install;
    private final Map<Routine, MachineCode> written = new ConcurrentHashMap<>();

    /** @param install puts bytes into executable memory that outlives this object */
    public CodeMemory(Function<byte[], MemorySegment> install) {
        this.install = install;
    }

    public MachineCode code(Routine routine) {
        return written.computeIfAbsent(routine, r -> new MachineCode(install.apply(r.assemble())));
    }
}
