package konsil.media.codec;

/** A precinct: the code blocks of one place in all bands of a resolution, which come in packets, a layer each. */
final class J2kPrecinct {
    final int component;
    final int resolution;
    final int index;
    final long x;
    final long y;
    final J2kBand[] bands;
    final Part[] parts;
    int nextLayer;

    /** What lies in one band. */
    record Part(int across, int down, J2kBlock[] blocks, TagTree inclusion, TagTree zeroPlanes) {}

    /** @param place component, resolution, index; @param corner on the reference grid */
    J2kPrecinct(int[] place, long[] corner, J2kBand[] bands, Part[] parts) {
        this.component = place[0];
        this.resolution = place[1];
        this.index = place[2];
        this.x = corner[0];
        this.y = corner[1];
        this.bands = bands;
        this.parts = parts;
    }
}
