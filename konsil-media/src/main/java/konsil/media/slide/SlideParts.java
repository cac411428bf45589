package konsil.media.slide;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import konsil.media.BadMediaException;

/**
 * Which directories of a TIFF file are levels of the slide, which are pictures beside it, and how large its pixels are.
 */
record SlideParts(
        List<TiffPicture> levels,
        List<Beside> associated,
        OptionalDouble micrometresPerPixel,
        OptionalDouble objectivePower) {
    private static final Pattern OME_SIZE = Pattern.compile("PhysicalSizeX=\"([0-9.eE+-]{1,30})\"");
    private static final Pattern OME_UNIT = Pattern.compile("PhysicalSizeXUnit=\"([^\"]{1,10})\"");
    private static final Pattern OME_POWER = Pattern.compile("NominalMagnification=\"([0-9.]{1,10})\"");
    private static final List<String> NAMES = List.of("label", "macro", "thumbnail");
    private static final int REDUCED = 1;
    private static final int LONGEST_TEXT = 1 << 20;
    private static final int BEGINNING = 256;

    /** A scanner's pixel is neither smaller nor larger; a printer's resolution is. */
    private static final double LEAST_MICROMETRES = 0.02;

    private static final double MOST_MICROMETRES = 50;

    /** A picture beside the slide. */
    record Beside(String name, TiffDirectory directory) {}

    /** @throws BadMediaException when the slide or its largest level is of a kind that is not read */
    static SlideParts of(List<TiffDirectory> directories) {
        OtherScanners.refuse(directories);
        TiffDirectory first = directories.getFirst();
        String description = first.text(TiffDirectory.DESCRIPTION, LONGEST_TEXT);
        boolean aperio = description.startsWith("Aperio");
        boolean ome = description.contains("<OME") && description.contains("openmicroscopy.org");
        int largest = aperio ? 0 : largest(directories);
        TiffDirectory base = directories.get(largest);
        var levels = new ArrayList<TiffPicture>();
        levels.add(new TiffPicture(base));
        var beside = new ArrayList<Beside>();
        for (int i = 0; i < directories.size(); i++) {
            if (i == largest) {
                continue;
            }
            TiffDirectory directory = directories.get(i);
            String name =
                    aperio && i > 0 && !TiffPicture.isTiled(directory) ? aperioName(directory, i) : name(directory);
            if (!name.isEmpty()) {
                beside.add(new Beside(name, directory));
            } else if (canBeLevel(levels.getFirst(), directory)) {
                add(levels, directory);
            }
        }
        for (TiffDirectory directory : base.inner()) {
            add(levels, directory);
        }
        OptionalDouble size = aperio ? aperioValue(description, "MPP") : ome ? omeSize(description) : resolution(base);
        OptionalDouble power = aperio
                ? aperioValue(description, "AppMag")
                : ome ? number(OME_POWER.matcher(description)) : OptionalDouble.empty();
        return new SlideParts(List.copyOf(levels), List.copyOf(beside), plausible(size), power);
    }

    /** The first picture in tiles that is not named as one beside the slide, else the first of all. */
    private static int largest(List<TiffDirectory> directories) {
        for (int i = 0; i < directories.size(); i++) {
            if (TiffPicture.isTiled(directories.get(i))
                    && name(directories.get(i)).isEmpty()) {
                return i;
            }
        }
        return 0;
    }

    /** A level has tiles as the largest has, or says that it is a smaller copy. */
    private static boolean canBeLevel(TiffPicture largest, TiffDirectory directory) {
        boolean reduced = (directory.first(TiffDirectory.SUBFILE, 0) & REDUCED) != 0;
        return TiffPicture.isTiled(directory) || !largest.tiled && reduced;
    }

    /** Adds a picture that is smaller than the last one and of the same shape. */
    private static void add(List<TiffPicture> levels, TiffDirectory directory) {
        TiffPicture largest = levels.getFirst();
        TiffPicture last = levels.getLast();
        long width = directory.first(TiffDirectory.WIDTH, 0);
        long height = directory.first(TiffDirectory.HEIGHT, 0);
        double wanted = (double) largest.width * height / largest.height;
        // Scanners cut the smaller levels to whole tiles or pixels.
        boolean shaped = Math.abs(width - wanted) <= 2 + 0.01 * wanted + (double) largest.width / largest.height;
        if (width > 0 && width < last.width && height > 0 && height <= last.height && shaped) {
            levels.add(new TiffPicture(directory));
        }
    }

    /** Aperio's second line begins with the name; the second picture is a thumbnail. */
    private static String aperioName(TiffDirectory directory, int index) {
        String[] lines = directory.text(TiffDirectory.DESCRIPTION, BEGINNING).split("\n", 3);
        String word = lines.length > 1 ? lines[1].strip().split("[ :|]", 2)[0].toLowerCase(Locale.ROOT) : "";
        if (NAMES.contains(word)) {
            return word;
        }
        return index == 1 ? "thumbnail" : directory.first(TiffDirectory.SUBFILE, 0) == 9 ? "macro" : "label";
    }

    /** A description that begins with one of the names: such a picture must not be taken for a part of the slide. */
    private static String name(TiffDirectory directory) {
        String text =
                directory.text(TiffDirectory.DESCRIPTION, BEGINNING).strip().toLowerCase(Locale.ROOT);
        return NAMES.stream().filter(text::startsWith).findFirst().orElse("");
    }

    private static OptionalDouble aperioValue(String description, String key) {
        var matcher =
                Pattern.compile("\\|\\s*" + key + "\\s*=\\s*([0-9.]{1,20})").matcher(description);
        return number(matcher);
    }

    private static OptionalDouble number(Matcher matcher) {
        if (!matcher.find()) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(Double.parseDouble(matcher.group(1)));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    private static OptionalDouble omeSize(String description) {
        var unit = OME_UNIT.matcher(description);
        double factor =
                switch (unit.find() ? unit.group(1) : "µm") {
                    case "µm", "μm", "um" -> 1;
                    case "nm" -> 1e-3;
                    case "mm" -> 1e3;
                    case "cm" -> 1e4;
                    default -> Double.NaN;
                };
        OptionalDouble size = number(OME_SIZE.matcher(description));
        return size.isPresent() ? OptionalDouble.of(size.getAsDouble() * factor) : size;
    }

    /** Pixels a centimetre, or an inch unless the file says otherwise. */
    private static OptionalDouble resolution(TiffDirectory directory) {
        double unit = directory.first(TiffDirectory.RESOLUTION_UNIT, 2) == 3 ? 1e4 : 25_400;
        return OptionalDouble.of(unit / directory.real(TiffDirectory.X_RESOLUTION));
    }

    /** A scale of a microscope, or none. */
    static OptionalDouble plausible(OptionalDouble size) {
        double micrometres = size.orElse(Double.NaN);
        return micrometres >= LEAST_MICROMETRES && micrometres <= MOST_MICROMETRES
                ? OptionalDouble.of(micrometres)
                : OptionalDouble.empty();
    }
}
