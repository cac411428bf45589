package konsil.media.dicom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import konsil.media.dicom.FrameInfo.Directions;
import konsil.media.dicom.FrameInfo.Place;
import konsil.media.dicom.FrameInfo.Point;
import konsil.media.dicom.FrameInfo.Spacing;

/** Looks elements up where they count for one frame: its own group, then the shared group, then the image itself. */
final class FunctionalGroups {
    private static final int SIEMENS_B_VALUE = 0x0019100C;
    private static final int GE_B_VALUE = 0x00431039;

    private final DataSet image;
    private final Optional<DataSet> shared;
    private final Optional<DataSet> own;
    private final int index;

    private FunctionalGroups(DataSet image, Optional<DataSet> shared, Optional<DataSet> own, int index) {
        this.image = image;
        this.shared = shared;
        this.own = own;
        this.index = index;
    }

    static List<FrameInfo> frames(DicomFile file) {
        DataSet image = file.dataSet();
        if (!file.hasPixels()) {
            return List.of();
        }
        int count = PixelLayout.of(file).frames();
        Optional<DataSet> shared = image.item(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
        List<DataSet> perFrame = image.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        if (!perFrame.isEmpty() && perFrame.size() != count) {
            file.context().warnings().add("there are not as many functional groups as frames");
        }
        var frames = new ArrayList<FrameInfo>();
        for (int i = 0; i < count; i++) {
            Optional<DataSet> own = i < perFrame.size() ? Optional.of(perFrame.get(i)) : Optional.empty();
            frames.add(new FunctionalGroups(image, shared, own, i).info());
        }
        return frames;
    }

    private FrameInfo info() {
        double[] scale = rescale();
        return new FrameInfo(
                index,
                position(),
                directions(),
                spacing(),
                number(Tag.PIXEL_MEASURES_SEQUENCE, Tag.SLICE_THICKNESS),
                number(Tag.PIXEL_MEASURES_SEQUENCE, Tag.SPACING_BETWEEN_SLICES),
                scale[0],
                scale[1],
                sets(Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE)
                        .flatMap(set -> set.text(Tag.RESCALE_TYPE).stream())
                        .findFirst(),
                windows(),
                place());
    }

    /** The sets in which an element of a macro may stand, the frame's own first. */
    private Stream<DataSet> sets(int macro) {
        return Stream.of(own, shared, Optional.of(image))
                .flatMap(Optional::stream)
                .flatMap(set -> set == image ? Stream.of(image) : set.items(macro).stream());
    }

    private double[] numbers(int macro, int tag, int count) {
        return sets(macro)
                .map(set -> lenient(set, tag))
                .filter(values -> values.length >= count)
                .findFirst()
                .orElse(new double[0]);
    }

    /** Numbers of an element that is of use but not needed: text that is no number is passed over with a warning. */
    private static double[] lenient(DataSet set, int tag) {
        try {
            return set.numbers(tag);
        } catch (konsil.media.BadMediaException unreadable) {
            set.context().warnings().add(Tag.show(tag) + " holds no number and is passed over");
            return new double[0];
        }
    }

    private OptionalDouble number(int macro, int tag) {
        return Arrays.stream(numbers(macro, tag, 1)).findFirst();
    }

    private OptionalInt integer(int macro, int tag) {
        OptionalDouble number = number(macro, tag);
        return number.isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) number.getAsDouble());
    }

    private Optional<Point> point(int macro, int tag) {
        double[] values = numbers(macro, tag, 3);
        return values.length < 3 ? Optional.empty() : Optional.of(new Point(values[0], values[1], values[2]));
    }

    private Optional<Point> position() {
        Optional<Point> first = point(Tag.PLANE_POSITION_SEQUENCE, Tag.IMAGE_POSITION_PATIENT)
                .or(() -> point(Tag.DETECTOR_INFORMATION_SEQUENCE, Tag.IMAGE_POSITION_PATIENT));
        double[] offsets = lenient(image, Tag.GRID_FRAME_OFFSET_VECTOR);
        Optional<Directions> directions = directions();
        if (first.isEmpty() || directions.isEmpty() || index >= offsets.length) {
            return first;
        }
        // An RT dose stands along its normal; its first offset is 0, or else the absolute coordinate (PS3.3 C.8.8.3.2).
        return Optional.of(first.get().plus(directions.get().normal(), offsets[index] - offsets[0]));
    }

    private Optional<Directions> directions() {
        double[] d = numbers(Tag.PLANE_ORIENTATION_SEQUENCE, Tag.IMAGE_ORIENTATION_PATIENT, 6);
        if (d.length < 6) {
            d = numbers(Tag.DETECTOR_INFORMATION_SEQUENCE, Tag.IMAGE_ORIENTATION_PATIENT, 6);
        }
        return d.length < 6
                ? Optional.empty()
                : Optional.of(new Directions(new Point(d[0], d[1], d[2]), new Point(d[3], d[4], d[5])));
    }

    private Optional<Spacing> spacing() {
        double[] s = numbers(Tag.PIXEL_MEASURES_SEQUENCE, Tag.PIXEL_SPACING, 2);
        if (s.length < 2) {
            s = lenient(image, Tag.IMAGER_PIXEL_SPACING);
        }
        return s.length < 2 ? Optional.empty() : Optional.of(new Spacing(s[0], s[1]));
    }

    private double[] rescale() {
        double slope = number(Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE, Tag.RESCALE_SLOPE)
                .orElse(1);
        double intercept = number(Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE, Tag.RESCALE_INTERCEPT)
                .orElse(0);
        if (slope == 0) {
            image.context().warnings().add(Tag.show(Tag.RESCALE_SLOPE) + " is 0; 1 is taken");
            slope = 1;
        }
        return new double[] {slope, intercept};
    }

    private List<VoiWindow> windows() {
        double[] centers = numbers(Tag.FRAME_VOILUT_SEQUENCE, Tag.WINDOW_CENTER, 1);
        double[] widths = numbers(Tag.FRAME_VOILUT_SEQUENCE, Tag.WINDOW_WIDTH, 1);
        String function = sets(Tag.FRAME_VOILUT_SEQUENCE)
                .flatMap(set -> set.text(Tag.VOILUT_FUNCTION).stream())
                .findFirst()
                .orElse("");
        var windows = new ArrayList<VoiWindow>();
        for (int i = 0; i < Math.min(centers.length, widths.length); i++) {
            VoiWindow.of(centers[i], widths[i], function).ifPresent(windows::add);
        }
        return List.copyOf(windows);
    }

    private Place place() {
        int content = Tag.FRAME_CONTENT_SEQUENCE;
        List<Integer> dimensions = Arrays.stream(numbers(content, Tag.DIMENSION_INDEX_VALUES, 1))
                .mapToObj(value -> (int) value)
                .toList();
        OptionalInt time = integer(content, Tag.TEMPORAL_POSITION_INDEX);
        OptionalDouble echo = number(Tag.MR_ECHO_SEQUENCE, Tag.EFFECTIVE_ECHO_TIME);
        return new Place(
                sets(content).flatMap(set -> set.text(Tag.STACK_ID).stream()).findFirst(),
                integer(content, Tag.IN_STACK_POSITION_NUMBER),
                time.isPresent() ? time : integer(content, Tag.TEMPORAL_POSITION_IDENTIFIER),
                bValue(),
                gradient(),
                echo.isPresent() ? echo : number(Tag.MR_ECHO_SEQUENCE, Tag.ECHO_TIME),
                dimensions,
                frameType());
    }

    private OptionalDouble bValue() {
        OptionalDouble standard = number(Tag.MR_DIFFUSION_SEQUENCE, Tag.DIFFUSION_B_VALUE);
        if (standard.isPresent()) {
            return standard;
        }
        String creator = image.text(SIEMENS_B_VALUE & 0xFFFF0000 | 0x10).orElse("");
        if (creator.startsWith("SIEMENS MR HEADER")) {
            return Arrays.stream(privateNumbers(SIEMENS_B_VALUE)).findFirst();
        }
        if (image.text(GE_B_VALUE & 0xFFFF0000 | 0x10).orElse("").startsWith("GEMS_PARM_01")) {
            // GE adds 1e9 to the b-value in newer versions.
            return Arrays.stream(privateNumbers(GE_B_VALUE))
                    .limit(1)
                    .map(b -> b % 100_000)
                    .findFirst();
        }
        return OptionalDouble.empty();
    }

    /** Decimals of a private element, whose VR a file may not know. */
    private double[] privateNumbers(int tag) {
        boolean unknown =
                image.element(tag).filter(element -> element.vr() == Vr.UN).isPresent();
        if (!unknown) {
            return lenient(image, tag);
        }
        return Values.ascii(image.bytes(tag)).stream()
                .filter(text -> text.matches("[-+]?[0-9]{1,12}([.][0-9]*)?"))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private Optional<Point> gradient() {
        return sets(Tag.MR_DIFFUSION_SEQUENCE)
                .flatMap(set ->
                        Stream.concat(set.items(Tag.DIFFUSION_GRADIENT_DIRECTION_SEQUENCE).stream(), Stream.of(set)))
                .map(set -> lenient(set, Tag.DIFFUSION_GRADIENT_ORIENTATION))
                .filter(values -> values.length >= 3)
                .map(values -> new Point(values[0], values[1], values[2]))
                .findFirst();
    }

    private List<String> frameType() {
        return Stream.of(Tag.MR_IMAGE_FRAME_TYPE_SEQUENCE, Tag.CT_IMAGE_FRAME_TYPE_SEQUENCE)
                .flatMap(macro ->
                        Stream.of(own, shared).flatMap(Optional::stream).flatMap(set -> set.items(macro).stream()))
                .map(set -> set.texts(Tag.FRAME_TYPE))
                .filter(type -> !type.isEmpty())
                .findFirst()
                .orElseGet(() -> image.texts(Tag.IMAGE_TYPE));
    }
}
