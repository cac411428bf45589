package konsil.kernel;

/** The windows of a strided convolution as rows of a matrix that overlap. */
final class Windows {
    private Windows() {}

    /**
     * A view without a copy: row t is the window that starts at time {@code t * stride}.
     *
     * @param x (times, channels), dense
     * @param width floats in a window, a multiple of the channels
     * @param count how many windows
     */
    static Rows of(Rows x, int width, int stride, int count) {
        return new Rows(x.data(), count, width, stride * x.cols());
    }
}
