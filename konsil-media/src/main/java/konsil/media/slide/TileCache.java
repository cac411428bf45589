package konsil.media.slide;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Supplier;
import konsil.media.Raster;

/** The tiles that were used last, up to a number of bytes. For any number of threads. */
final class TileCache {
    private final long most;
    private final LinkedHashMap<Key, Optional<Raster>> tiles = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    TileCache(long most) {
        this.most = most;
    }

    record Key(int level, int column, int row) {}

    /** A tile, made when it is not there; two threads may make the same one. */
    Optional<Raster> tile(Key key, Supplier<Optional<Raster>> made) {
        synchronized (tiles) {
            Optional<Raster> found = tiles.get(key);
            if (found != null) {
                return found;
            }
        }
        Optional<Raster> tile = made.get();
        synchronized (tiles) {
            if (tiles.putIfAbsent(key, tile) == null) {
                bytes += size(tile);
            }
            var oldest = tiles.entrySet().iterator();
            while (bytes > most && oldest.hasNext()) {
                bytes -= size(oldest.next().getValue());
                oldest.remove();
            }
        }
        return tile;
    }

    /** Bytes that the kept tiles take. */
    long bytes() {
        synchronized (tiles) {
            return bytes;
        }
    }

    private static long size(Optional<Raster> tile) {
        return 64 + tile.map(raster -> (long) raster.samples().length).orElse(0L);
    }
}
