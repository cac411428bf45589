package konsil.phantom.image;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import konsil.media.Geometry;
import konsil.media.Vector3;
import konsil.media.Volume;
import konsil.media.Voxels;
import konsil.media.dicom.DicomImageWriter;
import konsil.media.dicom.Tag;
import konsil.media.dicom.Vr;
import konsil.phantom.text.Chance;

/** DICOM files of a patient who does not exist; UIDs come of the seed, under 2.25 (PS3.5 annex B.2). */
final class MadeUpDicom {
    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    private static final String CR = "1.2.840.10008.5.1.4.1.1.1";
    private static final String PROGRAM = "2.25.94231530748216537715842920338561147326";
    private static final int PATIENT_BIRTH_DATE = 0x00100030;
    private static final int PATIENT_SEX = 0x00100040;
    private static final int REFERRING_PHYSICIAN = 0x00080090;
    private static final int KVP = 0x00180060;
    private static final int POSITION_REFERENCE = 0x00201040;
    private static final int LATERALITY = 0x00200060;
    private static final int WATER = -1024;

    private final long seed;
    private final String kind;
    private final int index;

    MadeUpDicom(long seed, String kind, int index) {
        this.seed = seed;
        this.kind = kind;
        this.index = index;
    }

    /** The same part has the same UID. */
    String uid(String part) {
        var chance = new Chance(seed, kind + " uid " + part, index);
        byte[] bytes = new byte[16];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) chance.between(0, 255);
        // Version 4, variant 1 of RFC 9562: the standard wants the number of a UUID.
        bytes[6] = (byte) (bytes[6] & 0x0F | 0x40);
        bytes[8] = (byte) (bytes[8] & 0x3F | 0x80);
        return "2.25." + new BigInteger(1, bytes);
    }

    private DicomImageWriter patient(String sopClass, String instance, String series, String date) {
        return new DicomImageWriter(PROGRAM)
                .text(Tag.SOP_CLASS_UID, Vr.UI, sopClass)
                .text(Tag.SOP_INSTANCE_UID, Vr.UI, uid(instance))
                .text(Tag.STUDY_DATE, Vr.DA, date)
                .text(Tag.CONTENT_DATE, Vr.DA, date)
                .text(Tag.STUDY_TIME, Vr.TM, "080000")
                .text(Tag.CONTENT_TIME, Vr.TM, "080000")
                .text(Tag.ACCESSION_NUMBER, Vr.SH, "")
                .text(Tag.MANUFACTURER, Vr.LO, "Konsil phantom, no scanner")
                .text(REFERRING_PHYSICIAN, Vr.PN, "")
                .text(Tag.SERIES_DESCRIPTION, Vr.LO, "Made up, no patient")
                .text(Tag.PATIENT_NAME, Vr.PN, "Phantom^" + kind.toUpperCase(Locale.ROOT))
                .text(Tag.PATIENT_ID, Vr.LO, "PHANTOM-%d-%d".formatted(seed, index))
                .text(PATIENT_BIRTH_DATE, Vr.DA, "")
                .text(PATIENT_SEX, Vr.CS, "O")
                .text(Tag.STUDY_INSTANCE_UID, Vr.UI, uid("study " + date))
                .text(Tag.SERIES_INSTANCE_UID, Vr.UI, uid(series))
                .text(Tag.STUDY_ID, Vr.SH, "1")
                .whole(Tag.SERIES_NUMBER, 1)
                .text(Tag.BURNED_IN_ANNOTATION, Vr.CS, "NO")
                .unsigned(Tag.SAMPLES_PER_PIXEL, 1)
                .text(Tag.PHOTOMETRIC_INTERPRETATION, Vr.CS, "MONOCHROME2");
    }

    private static DicomImageWriter bits(DicomImageWriter file, int columns, int rows, int stored) {
        return file.unsigned(Tag.ROWS, rows)
                .unsigned(Tag.COLUMNS, columns)
                .unsigned(Tag.BITS_ALLOCATED, 16)
                .unsigned(Tag.BITS_STORED, stored)
                .unsigned(Tag.HIGH_BIT, stored - 1)
                .unsigned(Tag.PIXEL_REPRESENTATION, 0);
    }

    /** A CT series, one file a slice, numbered from the feet. @return the files' names */
    List<String> writeCt(Path folder, Volume ct, String bodyPart, double thickness) throws IOException {
        Files.createDirectories(folder);
        var names = new ArrayList<String>();
        short[] stored = ((Voxels.Shorts) ct.voxels()).stored();
        int plane = ct.columns() * ct.rows();
        for (int s = 0; s < ct.slices(); s++) {
            var file = bits(patient(CT, "slice " + s, "series", "20200102"), ct.columns(), ct.rows(), 12);
            place(file, ct.geometry(), s);
            short[] pixels = new short[plane];
            // Stored from 0 upwards, as scanners do: -1024 HU is 0.
            for (int i = 0; i < plane; i++) pixels[i] = (short) (stored[s * plane + i] - WATER);
            file.text(Tag.IMAGE_TYPE, Vr.CS, "ORIGINAL\\PRIMARY\\AXIAL")
                    .text(Tag.MODALITY, Vr.CS, "CT")
                    .text(Tag.BODY_PART_EXAMINED, Vr.CS, bodyPart)
                    .text(Tag.PATIENT_POSITION, Vr.CS, "HFS")
                    .decimals(KVP, 120)
                    .decimals(Tag.SLICE_THICKNESS, thickness)
                    .whole(Tag.ACQUISITION_NUMBER, 1)
                    .whole(Tag.INSTANCE_NUMBER, s + 1)
                    .decimals(Tag.RESCALE_INTERCEPT, WATER)
                    .decimals(Tag.RESCALE_SLOPE, 1)
                    .text(Tag.RESCALE_TYPE, Vr.LO, "HU")
                    .decimals(Tag.WINDOW_CENTER, 40)
                    .decimals(Tag.WINDOW_WIDTH, 400)
                    .pixels(pixels);
            String name = "slice-%04d.dcm".formatted(s + 1);
            Files.write(folder.resolve(name), file.bytes());
            names.add(name);
        }
        return names;
    }

    private void place(DicomImageWriter file, Geometry geometry, int slice) {
        Vector3 at = geometry.point(0, 0, slice);
        Vector3 row = geometry.rowDirection();
        Vector3 column = geometry.columnDirection();
        file.decimals(Tag.IMAGE_POSITION_PATIENT, at.x(), at.y(), at.z())
                .decimals(Tag.IMAGE_ORIENTATION_PATIENT, row.x(), row.y(), row.z(), column.x(), column.y(), column.z())
                .decimals(Tag.PIXEL_SPACING, geometry.rowSpacing(), geometry.columnSpacing())
                .text(Tag.FRAME_OF_REFERENCE_UID, Vr.UI, uid("frame"))
                .text(POSITION_REFERENCE, Vr.LO, "");
    }

    /**
     * A chest radiograph.
     *
     * @param levels 0..65535, dense parts bright; 12 bits are kept
     * @param day 1 prior, 2 current
     */
    void writeCr(Path path, int side, int[] levels, int day) throws IOException {
        short[] pixels = new short[levels.length];
        for (int i = 0; i < pixels.length; i++) pixels[i] = (short) (levels[i] >> 4);
        String date = "2020010" + day;
        var file = bits(patient(CR, "film " + day, "series " + day, date), side, side, 12)
                .text(Tag.IMAGE_TYPE, Vr.CS, "ORIGINAL\\PRIMARY")
                .text(Tag.MODALITY, Vr.CS, "CR")
                .text(Tag.BODY_PART_EXAMINED, Vr.CS, "CHEST")
                .text(Tag.VIEW_POSITION, Vr.CS, "PA")
                .text(LATERALITY, Vr.CS, "")
                .whole(Tag.INSTANCE_NUMBER, 1)
                .decimals(Tag.IMAGER_PIXEL_SPACING, 400.0 / side, 400.0 / side)
                .decimals(Tag.WINDOW_CENTER, 2048)
                .decimals(Tag.WINDOW_WIDTH, 4096)
                .pixels(pixels);
        Files.write(path, file.bytes());
    }
}
