package konsil.media.study;

import konsil.media.dicom.DicomFile;

/**
 * A DICOM file of a study, opened anew whenever it is needed.
 *
 * @param name without folders
 */
public record StudyFile(String name, Opening opening) {
    /** Opens the file; for any number of threads. */
    @FunctionalInterface
    interface Opening {
        /** @throws konsil.media.BadMediaException when this is no DICOM file, or damaged */
        DicomFile open();
    }

    /** @throws konsil.media.BadMediaException when this is no DICOM file, or damaged */
    public DicomFile open() {
        return opening.open();
    }

    /** The name. */
    @Override
    public String toString() {
        return "StudyFile[" + name + "]";
    }
}
