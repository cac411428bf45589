package konsil.media.study;

import java.util.List;
import konsil.media.Raster;
import konsil.media.Voxels;
import konsil.media.dicom.DicomFile;
import konsil.media.dicom.FrameInfo;
import konsil.media.dicom.FramePicture;
import konsil.media.dicom.GreyValues;
import konsil.media.dicom.Mosaic;
import konsil.media.dicom.PixelData;
import konsil.media.dicom.PixelLayout;
import konsil.media.dicom.RadiographPicture;
import konsil.media.dicom.Samples;
import konsil.media.dicom.StoredFrame;
import konsil.media.dicom.Tag;

/**
 * Frames of DICOM files. Files of one frame are opened anew for it, so that a series of thousands stays small; of files
 * of many frames the last one stays open.
 */
final class DicomFrames {
    private Opened last;
    private Whole whole;

    /** The values of a mosaic, of which slices are cut one after the other. */
    private record Whole(StudyFile source, int frame, Voxels voxels) {}

    /** A file with what its frames need. */
    record Opened(StudyFile source, DicomFile file, PixelData pixels, List<FrameInfo> infos) {
        static Opened of(StudyFile source, DicomFile file) {
            return new Opened(source, file, file.pixels(), file.frames());
        }

        /** Frames with pixels and a description. */
        int count() {
            return Math.min(pixels.frames(), infos.size());
        }
    }

    private Opened opened(StudyFile source, boolean many) {
        return many ? kept(source) : Opened.of(source, source.open());
    }

    private synchronized Opened kept(StudyFile source) {
        if (last == null || !last.source().equals(source)) {
            last = Opened.of(source, source.open());
        }
        return last;
    }

    /** Values of a grey frame: 16 bits with their rescale where that says it all. */
    Voxels voxels(StudyFile source, int frame, boolean many) {
        Opened opened = opened(source, many);
        StoredFrame stored = opened.pixels().frame(frame);
        FrameInfo info = opened.infos().get(frame);
        PixelLayout layout = stored.layout();
        boolean table =
                !opened.file().dataSet().items(Tag.MODALITY_LUT_SEQUENCE).isEmpty();
        boolean whole = stored.samples() instanceof Samples.Shorts || stored.samples() instanceof Samples.Bytes;
        if (table || !whole || !Double.isFinite(info.rescaleSlope()) || !Double.isFinite(info.rescaleIntercept())) {
            return new Voxels.Floats(GreyValues.of(opened.file(), stored, info));
        }
        return new Voxels.Shorts(words(stored), !layout.signed(), info.rescaleSlope(), info.rescaleIntercept());
    }

    /** A slice of a mosaic; the mosaic that was read last stays in memory. */
    synchronized Voxels voxels(StudyFile source, int frame, boolean many, Mosaic mosaic, int slice) {
        if (whole == null || !whole.source().equals(source) || whole.frame() != frame) {
            whole = new Whole(source, frame, voxels(source, frame, many));
        }
        return mosaic.cut(whole.voxels(), slice);
    }

    private static short[] words(StoredFrame stored) {
        PixelLayout layout = stored.layout();
        if (stored.samples() instanceof Samples.Shorts(var words)) {
            return layout.bitsStored() == 16 ? words : cut(words, layout);
        }
        var out = new short[stored.samples().size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = (short) stored.value(i);
        }
        return out;
    }

    /** The stored bits of words, with their sign. */
    private static short[] cut(short[] words, PixelLayout layout) {
        var out = new short[words.length];
        int left = 31 - layout.highBit();
        int right = 32 - layout.bitsStored();
        boolean signed = layout.signed();
        for (int i = 0; i < out.length; i++) {
            int high = words[i] << left;
            out[i] = (short) (signed ? high >> right : high >>> right);
        }
        return out;
    }

    /** A frame as MedGemma was trained with it: grey ones of radiographs from smallest to largest value. */
    Raster picture(StudyFile source, int frame, boolean many) {
        Opened opened = opened(source, many);
        StoredFrame stored = opened.pixels().frame(frame);
        FrameInfo info = opened.infos().get(frame);
        boolean grey = stored.layout().photometric().startsWith("MONOCHROME");
        return grey ? RadiographPicture.of(opened.file(), stored, info) : FramePicture.of(opened.file(), stored, info);
    }
}
