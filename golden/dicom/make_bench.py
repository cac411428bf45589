"""Writes the code streams that konsil bench study unpacks: a made-up slice of 512 x 512 pixels with 12 bits.

Python 3.11, numpy 2, pydicom 3.0.2; Debian's opj_compress 2.5.0 and dcmcjpls 3.6.7. Run: python golden/dicom/make_bench.py
"""

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import generate_fragments
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

OUT = Path(__file__).parents[2] / "konsil-cli/src/main/resources/konsil/cli/bench"
SIDE = 512


def slice_of_a_body():
    """An ellipse with two darker ones inside, soft waves and the noise of a scanner, air around it."""
    rng = np.random.default_rng(20)
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    body = (x / 0.85) ** 2 + (y / 0.65) ** 2 < 1
    values = np.where(body, 1050 + 40 * np.sin(9 * x) * np.cos(7 * y), 24)
    for side in (-1, 1):
        values[((x - side * 0.4) / 0.25) ** 2 + (y / 0.4) ** 2 < 1] = 200
    values += rng.normal(0, np.where(body, 12, 3))
    return np.clip(np.rint(values), 0, 4095).astype("<u2")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    pixels = slice_of_a_body()
    with tempfile.TemporaryDirectory() as folder:
        raw, plain, packed = (Path(folder) / n for n in ("in.raw", "plain.dcm", "packed.dcm"))
        raw.write_bytes(pixels.astype(">u2").tobytes())
        subprocess.run(["opj_compress", "-i", raw, "-o", OUT / "slice.j2k", "-F", f"{SIDE},{SIDE},1,12,u"], check=True)
        ds = Dataset()
        ds.file_meta = FileMetaDataset()
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
        ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = generate_uid(entropy_srcs=["konsil", "bench"])
        ds.Rows = ds.Columns = SIDE
        ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
        ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
        ds.PixelData = pixels.tobytes()
        ds["PixelData"].VR = "OW"
        ds.save_as(plain, enforce_file_format=True)
        subprocess.run(["dcmcjpls", "+el", plain, packed], check=True)
        fragments = list(generate_fragments(pydicom.dcmread(packed).PixelData, endianness="<"))
        (OUT / "slice.jls").write_bytes(fragments[-1])


main()
