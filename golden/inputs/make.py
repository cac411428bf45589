"""Levels of CT and MR and chosen slices as numpy computes them in the order of Google's published recipes.

numpy 2.4.6. Run in this folder: python make.py
"""

import numpy as np

WINDOWS = [(-1024, 1024), (-135, 215), (0, 80), (-1350, 150), (40, 41)]


def ct(values, low, high):
    """clip, then f32 step by step, then round (high_dimensional_ct_hugging_face)."""
    clipped = np.clip(values, low, high).astype(np.float32)
    clipped -= low
    clipped /= high - low
    clipped *= 255.0
    return np.round(clipped, 0).astype(np.uint8)


def mr(volume):
    """One range for the volume, in f64 (generic_dicom_handler of the serving code)."""
    volume = volume.astype(np.float64)
    low, delta = volume.min(), volume.max() - volume.min()
    if delta == 0:
        return np.full(volume.shape, 255, np.uint8)
    return np.round((volume - low) / delta * 255, 0).astype(np.uint8)


def slices(count, most):
    if count <= most:
        return list(range(count))
    return [int(round(i / most * (count - 1))) for i in range(1, most + 1)]


with open("ct.tsv", "w") as out:
    # Quarters of HU from -1400 to 1400, and some far away.
    hu = np.concatenate([np.arange(-5600, 5601) / 4, [-32768, 40000]]).astype(np.float64)
    for low, high in WINDOWS:
        out.write(f"{low}..{high}\t{ct(hu, low, high).tobytes().hex()}\n")

with open("mr.tsv", "w") as out:
    random = np.random.default_rng(3)
    for volume in [
        random.integers(0, 4096, 60),
        random.integers(-500, 30000, 60),
        np.array([0, 1, 2, 3, 510, 255, 511, 5]),
        np.full(8, 7),
        np.float32(random.normal(size=60)),
    ]:
        values = " ".join(repr(float(v)) for v in volume)
        out.write(f"{values}\t{mr(volume).tobytes().hex()}\n")

with open("slices.tsv", "w") as out:
    for count, most in [(1, 85), (85, 85), (86, 85), (87, 85), (120, 85), (170, 85), (171, 85), (512, 85), (1000, 85),
                        (2345, 85), (40, 7), (9, 2), (9, 1), (300, 126)]:
        out.write(f"{count}\t{most}\t{' '.join(map(str, slices(count, most)))}\n")
