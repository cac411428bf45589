package konsil.media.slide;

import java.util.Optional;
import konsil.media.Raster;

/** A picture that is stored in tiles of one size, from the upper left corner on. */
interface TilePicture {
    /** Sizes in pixels; the last tiles of a row or column may reach beyond the picture. */
    record Grid(int width, int height, int tileWidth, int tileHeight) {}

    Grid grid();

    /**
     * The tile at a column and row of tiles; none where the scanner saved none.
     *
     * @return as wide and high as tiles are, or as far as the picture goes
     * @throws konsil.media.BadMediaException when it is damaged
     */
    Optional<Raster> tile(int column, int row);
}
