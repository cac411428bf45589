package konsil.phantom.image;

/** A shape filled with one value; later ones cover earlier ones. @param value Hounsfield units, or a signal */
record Tissue(Shape shape, double value) {}
