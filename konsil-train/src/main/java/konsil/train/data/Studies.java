package konsil.train.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import konsil.media.Raster;
import konsil.tensor.BadInputException;

/** Turns studies into what a model is told of them. */
@FunctionalInterface
public interface Studies {
    /** For data without studies. */
    Studies NONE = path -> {
        throw new BadInputException("studies are not read here");
    };

    /** Text and pictures in order; pictures are made again whenever they are asked for. */
    List<Shown> show(Path study) throws IOException;

    /** A part of what is told. */
    sealed interface Shown {
        record Words(String text) implements Shown {}

        /** @param key the same for the same pixels, and for no others */
        record Picture(String key, Source raster) implements Shown {}
    }

    /** Makes a picture. */
    @FunctionalInterface
    interface Source {
        Raster read() throws IOException;
    }
}
