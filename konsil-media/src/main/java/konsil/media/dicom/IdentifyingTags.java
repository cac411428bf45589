package konsil.media.dicom;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What in a file can tell who the patient is. Names of tags and kinds of risk alone, never values. The list follows the
 * basic profile of PS3.15 annex E where that removes or empties elements; it helps to decide, it does not clean.
 *
 * @param tags elements that are there with a value, as (0010,0010) PatientName, in sequences too
 * @param privateElements how many elements of manufacturers are there: nobody knows what they hold
 * @param pixelRisks why the pixels themselves may show text or a face
 */
public record IdentifyingTags(List<String> tags, int privateElements, List<String> pixelRisks) {
    private static final int MAX_SHOWN = 500;

    private static final Set<String> KEYWORDS = Set.of("""
            PatientName PatientID IssuerOfPatientID PatientBirthDate PatientBirthTime PatientSex OtherPatientIDs
            OtherPatientNames OtherPatientIDsSequence PatientBirthName PatientAge PatientAddress
            PatientMotherBirthName PatientTelephoneNumbers PatientTelecomInformation EthnicGroup Occupation
            MilitaryRank BranchOfService MedicalRecordLocator PatientReligiousPreference PatientComments
            AdditionalPatientHistory CountryOfResidence RegionOfResidence PatientState AdmissionID
            ResponsiblePerson ResponsibleOrganization PatientInsurancePlanCodeSequence AccessionNumber StudyID
            InstitutionName InstitutionAddress InstitutionalDepartmentName ReferringPhysicianName
            ReferringPhysicianAddress ReferringPhysicianTelephoneNumbers ConsultingPhysicianName
            PerformingPhysicianName NameOfPhysiciansReadingStudy OperatorsName PhysiciansOfRecord
            RequestingPhysician RequestingService StationName DeviceSerialNumber DeviceUID StudyDate SeriesDate
            AcquisitionDate ContentDate StudyTime SeriesTime AcquisitionTime ContentTime AcquisitionDateTime
            StudyDescription SeriesDescription ProtocolName ImageComments RequestedProcedureDescription
            PerformedProcedureStepDescription RequestAttributesSequence PersonName VerifyingObserverName
            ContentCreatorName TextValue PersonAddress PersonTelephoneNumbers StudyInstanceUID SeriesInstanceUID
            SOPInstanceUID FrameOfReferenceUID ReferencedSOPInstanceUID IconImageSequence EncapsulatedDocument
            """.strip().split("\\s+", -1));

    /** Looks through a file, its pixels apart. */
    public static IdentifyingTags of(DicomFile file) {
        var found = new TreeSet<Integer>(Integer::compareUnsigned);
        int[] privates = new int[1];
        collect(file.dataSet(), found, privates);
        List<String> shown = found.stream().limit(MAX_SHOWN).map(Tag::show).toList();
        return new IdentifyingTags(shown, privates[0], pixelRisks(file));
    }

    private static void collect(DataSet set, TreeSet<Integer> found, int[] privates) {
        for (DicomElement element : set.elements()) {
            int tag = element.tag();
            if (Tag.isPrivate(tag)) {
                privates[0]++;
            } else if (hasValue(element) && isIdentifying(element)) {
                found.add(tag);
            }
            set.items(tag).forEach(item -> collect(item, found, privates));
        }
    }

    private static boolean hasValue(DicomElement element) {
        return element.length() > 0
                || element.isEncapsulated()
                || element.value() instanceof DicomElement.Items(var sets) && !sets.isEmpty();
    }

    private static boolean isIdentifying(DicomElement element) {
        return element.vr() == Vr.PN || KEYWORDS.contains(Dictionary.keyword(element.tag()));
    }

    private static List<String> pixelRisks(DicomFile file) {
        DataSet image = file.dataSet();
        var risks = new ArrayList<String>();
        String burned = image.text(Tag.BURNED_IN_ANNOTATION).orElse("").toUpperCase(Locale.ROOT);
        if (burned.equals("YES")) {
            risks.add(Tag.show(Tag.BURNED_IN_ANNOTATION) + " says that text is burned in");
        }
        if (image.text(Tag.RECOGNIZABLE_VISUAL_FEATURES).orElse("").equalsIgnoreCase("YES")) {
            risks.add(Tag.show(Tag.RECOGNIZABLE_VISUAL_FEATURES) + " says that a face can be recognised");
        }
        if (!file.hasPixels()) {
            return risks;
        }
        if (!burned.equals("NO")) {
            modalityRisks(image, file.sopClass().orElse(""), risks);
        }
        for (DicomElement element : image.elements()) {
            int group = element.tag() >>> 16;
            if (group >= 0x6000 && group <= 0x601E && (element.tag() & 0xFFFF) == 0x10) {
                risks.add("(%04X,3000) OverlayData is there: overlays often hold text".formatted(group));
            }
        }
        if (image.has(Tag.ENCAPSULATED_DOCUMENT)) {
            risks.add(Tag.show(Tag.ENCAPSULATED_DOCUMENT) + " is a document inside the file");
        }
        return List.copyOf(risks);
    }

    private static void modalityRisks(DataSet image, String sopClass, List<String> risks) {
        String modality = image.text(Tag.MODALITY).orElse("").toUpperCase(Locale.ROOT);
        if (sopClass.startsWith("1.2.840.10008.5.1.4.1.1.7")) {
            risks.add("secondary capture: a copy of a screen or a film");
        }
        if (List.of("US", "ES", "XC", "OT", "GM", "SC", "IVUS", "ECG", "HC", "DOC", "OP")
                .contains(modality)) {
            risks.add(Tag.show(Tag.MODALITY) + ": devices of this kind often burn text into the picture");
        }
        List<String> type = image.texts(Tag.IMAGE_TYPE);
        if (type.contains("SCREEN SAVE") || type.contains("SECONDARY") && type.contains("DERIVED")) {
            risks.add(Tag.show(Tag.IMAGE_TYPE) + ": a derived picture, which may hold text");
        }
        if (image.text(Tag.CONVERSION_TYPE).isPresent()) {
            risks.add(Tag.show(Tag.CONVERSION_TYPE) + ": converted from film, video or a workstation");
        }
    }
}
