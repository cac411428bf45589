package konsil.media.nifti;

/** The data types of NIfTI (nifti1.h, NIFTI_TYPE_...), and what becomes of them. */
enum NiftiType {
    UINT8(2, 1, Kind.SHORT),
    INT16(4, 2, Kind.SHORT),
    INT32(8, 4, Kind.FLOAT),
    FLOAT32(16, 4, Kind.FLOAT),
    COMPLEX64(32, 8, Kind.REFUSED),
    FLOAT64(64, 8, Kind.FLOAT),
    RGB24(128, 3, Kind.COLOUR),
    INT8(256, 1, Kind.SHORT),
    UINT16(512, 2, Kind.SHORT),
    UINT32(768, 4, Kind.FLOAT),
    INT64(1024, 8, Kind.FLOAT),
    UINT64(1280, 8, Kind.FLOAT),
    FLOAT128(1536, 16, Kind.REFUSED),
    COMPLEX128(1792, 16, Kind.REFUSED),
    COMPLEX256(2048, 32, Kind.REFUSED),
    RGBA32(2304, 4, Kind.COLOUR);

    /** What becomes of the numbers. */
    enum Kind {
        /** 16-bit voxels with a rescale, exact. */
        SHORT,
        /** f32 voxels; integers beyond 2^24 and f64 are rounded. */
        FLOAT,
        /** Rasters. */
        COLOUR,
        REFUSED
    }

    final int code;
    final int bytes;
    final Kind kind;

    NiftiType(int code, int bytes, Kind kind) {
        this.code = code;
        this.bytes = bytes;
        this.kind = kind;
    }
}
