package konsil.medasr;

/**
 * How a branch of a block is added: {@code ofInput * x + ofBranch * branch(x)}.
 *
 * @param ofInput weight of what goes around the branch
 * @param ofBranch weight of what comes out of it
 */
public record Residual(float ofInput, float ofBranch) {
    /** As every transformer has it. */
    static final Residual PLAIN = new Residual(1, 1);
}
