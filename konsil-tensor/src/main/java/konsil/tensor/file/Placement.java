package konsil.tensor.file;

/** Where the matrices of a packed file are kept while they are used; all others are packed into memory anyway. */
public enum Placement {
    /** Where they lie in the file: nothing is read before it is needed, and processes share one copy. */
    MAPPED,
    /**
     * In memory of their own with pages of 2 MiB: loading takes a second for a few gigabytes, and reading them for each
     * word is faster by a tenth, since files are mapped in pages of 4 KiB.
     */
    COPIED
}
