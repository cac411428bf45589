package konsil.media.study;

import java.io.IOException;
import java.util.function.IntFunction;
import konsil.media.Raster;
import konsil.media.series.SeriesVolume;
import konsil.media.series.SeriesVolume.Gaps;
import konsil.media.slide.Slide;

/** A part of a study; its pixels are read when they are asked for. */
public sealed interface StudyPart {
    /** What it is, in few words and without a patient's data: "CT, 512 x 512, 300 slices". */
    String what();

    /** Series Instance UID; empty where there is none. */
    String series();

    /** Modality as in DICOM: CT, MR, DX, SM; empty where the file does not say. */
    String modality();

    /**
     * Slices that are a volume.
     *
     * @param slices how many there are
     */
    record Volumes(String what, String series, String modality, int slices, Loading loading) implements StudyPart {
        /** Reads and unpacks. */
        @FunctionalInterface
        public interface Loading {
            /**
             * @throws konsil.media.BadMediaException when the slices are no volume after all, or damaged
             * @throws IOException when the disk fails
             */
            SeriesVolume load(Gaps gaps) throws IOException;
        }
    }

    /**
     * Pictures that are no volume: radiographs, photographs, frames of a film.
     *
     * @param count how many
     * @param picture one of them, counted from 0, as MedGemma was trained with it; throws BadMediaException
     */
    record Pictures(String what, String series, String modality, int count, IntFunction<Raster> picture)
            implements StudyPart {}

    /** A microscope slide. */
    record Glass(String what, String series, Opening opening) implements StudyPart {
        /** Opens the slide anew. */
        @FunctionalInterface
        public interface Opening {
            /**
             * @throws konsil.media.BadMediaException when it cannot be read any more
             * @throws IOException when the disk fails
             */
            Slide open() throws IOException;
        }

        @Override
        public String modality() {
            return "SM";
        }

        /**
         * @throws konsil.media.BadMediaException when it cannot be read any more
         * @throws IOException when the disk fails
         */
        public Slide open() throws IOException {
            return opening.open();
        }
    }

    /**
     * Files that cannot be shown.
     *
     * @param what the file's name, or the group of slices
     * @param reason why
     */
    record Refused(String what, String reason) implements StudyPart {
        @Override
        public String series() {
            return "";
        }

        @Override
        public String modality() {
            return "";
        }
    }
}
