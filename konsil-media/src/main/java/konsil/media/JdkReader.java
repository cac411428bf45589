package konsil.media;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * One of the JDK's own image readers. Plug-ins that happen to be on the class path are passed over, so that the same
 * file gives the same pixels everywhere.
 *
 * @param file whose name stands in errors
 * @param format "png", "jpeg", "bmp" or "tiff"
 */
record JdkReader(ImageBytes file, String format) {
    /** What to do with a reader that has its input. */
    private interface Use<T> {
        T with(ImageReader reader) throws IOException;
    }

    /**
     * The first image of a stream as it is stored, with its colour model; colour conversions are left to the caller.
     */
    BufferedImage image(byte[] stream, ImageSettings settings) {
        return use(stream, settings, reader -> reader.read(0));
    }

    /** The samples of the first image as they are stored. */
    java.awt.image.Raster samples(byte[] stream, ImageSettings settings) {
        return use(stream, settings, reader -> reader.readRaster(0, reader.getDefaultReadParam()));
    }

    private <T> T use(byte[] stream, ImageSettings settings, Use<T> use) {
        var warnings = new ArrayList<String>();
        ImageReader reader = reader();
        try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(stream))) {
            reader.addIIOReadWarningListener((_, warning) -> {
                if (warnings.size() < 100) {
                    warnings.add(warning);
                }
            });
            reader.setInput(input, true, true);
            file.requireSize(reader.getWidth(0), reader.getHeight(0), settings);
            T result = use.with(reader);
            requireWhole(warnings);
            return result;
        } catch (BadMediaException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The readers meet damaged files with every kind of exception, from IIOException to NullPointerException.
            throw new BadMediaException(
                    file.name(), "the %s data is damaged or cut off".formatted(format.toUpperCase(Locale.ROOT)), e);
        } finally {
            reader.dispose();
        }
    }

    private ImageReader reader() {
        Module jdk = BufferedImage.class.getModule();
        Iterator<ImageReaderSpi> found = IIORegistry.getDefaultInstance()
                .getServiceProviders(
                        ImageReaderSpi.class,
                        spi -> spi.getClass().getModule() == jdk
                                && List.of(((ImageReaderSpi) spi).getFormatNames())
                                        .contains(format),
                        true);
        if (!found.hasNext()) {
            throw new IllegalStateException("this JDK has no reader for " + format + " images");
        }
        try {
            return found.next().createReaderInstance();
        } catch (IOException e) {
            throw new IllegalStateException("this JDK cannot start its reader for " + format + " images", e);
        }
    }

    /** Some damage the JPEG library only warns of, and draws something in the place of what is missing. */
    private void requireWhole(List<String> warnings) {
        for (String warning : warnings) {
            boolean lost = warning.startsWith("Corrupt JPEG data") && !warning.contains("extraneous bytes")
                    || warning.startsWith("Truncated File")
                    || warning.startsWith("Premature end");
            if (lost) {
                throw file.bad("the %s data is damaged, a part of the picture is lost"
                        .formatted(format.toUpperCase(Locale.ROOT)));
            }
        }
    }
}
