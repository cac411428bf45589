package konsil.clinic.study;

import java.util.List;
import java.util.Optional;
import konsil.medgemma.inputs.CtWindow;
import konsil.medgemma.inputs.PatchSettings;
import konsil.medgemma.inputs.SliceSampling;
import konsil.media.Volume;
import konsil.media.series.SeriesVolume.Gaps;

/**
 * What of a study a model is shown.
 *
 * @param windows of CT, for red, green and blue
 * @param sampling of slices and frames
 * @param patches of slides
 * @param axial whether volumes are turned, and resliced where they must be, to axial slices; volumes that are not DICOM
 *     always are, for their files store slices any way round
 * @param gaps what happens where slices are missing
 * @param unit what values mean, where the file does not say
 */
public record StudySelection(
        List<CtWindow> windows,
        SliceSampling sampling,
        PatchSettings patches,
        boolean axial,
        Gaps gaps,
        Optional<Volume.Unit> unit) {
    public StudySelection {
        windows = List.copyOf(windows);
    }

    /** As MedGemma was trained and published. */
    public static StudySelection published() {
        return new StudySelection(
                CtWindow.PUBLISHED,
                SliceSampling.published(),
                PatchSettings.published(),
                false,
                Gaps.KEEP,
                Optional.empty());
    }
}
