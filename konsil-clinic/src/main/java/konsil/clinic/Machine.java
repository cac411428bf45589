package konsil.clinic;

import konsil.kernel.Kernels;
import konsil.kernel.Workers;

/**
 * What computes; stays usable as long as whatever is opened with it.
 *
 * @param description which kernels they are, one line
 */
public record Machine(Kernels kernels, Workers workers, String description) {}
