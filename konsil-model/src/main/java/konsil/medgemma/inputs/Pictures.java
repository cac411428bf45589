package konsil.medgemma.inputs;

import konsil.media.Raster;

/**
 * Pictures that a model is shown, in order. Each is made when it is asked for: a hundred of them at once would take
 * hundreds of megabytes. For any number of threads.
 */
public interface Pictures {
    /** How many; at least 1. */
    int count();

    /** One of them, counted from 0. */
    Raster picture(int index);

    /** Where it comes from, short, for people: "slice 34 of 120". */
    String source(int index);
}
