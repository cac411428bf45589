"""Writes small code streams of every kind that konsil.media.codec reads, and the samples that belong to them.

Python 3.11, numpy 2, pydicom 3.0.2; Debian's opj_compress and opj_decompress 2.5.0, dcmcjpeg, dcmdjpeg, dcmcjpls and
dcmdjpls 3.6.7. Run: python golden/dicom/make_streams.py

streams.tsv: name, width, height, components, bits, 1 when samples have signs, largest difference allowed, samples as
little-endian words of 16 bits packed with zlib in base64. Lossless streams must give the picture itself; lossy ones what
the reference decoder gives, with one level of difference where both work in floating point.
"""

import base64
import subprocess
import tempfile
import zlib
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import generate_fragments
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

OUT = Path(__file__).parent / "streams"
rows = []


def picture(width, height, components, bits, seed):
    """Slopes, waves, a flat part and some noise."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    top = 2**bits - 1
    planes = []
    for c in range(components):
        p = 0.5 + 0.3 * np.sin(x / (5 + c)) * np.cos(y / 7) + 0.2 * x / width
        p += rng.normal(0, 0.01, p.shape)
        p[height // 3 : height // 2, width // 4 : width // 2] = 0.25 * (c + 1)
        planes.append(np.clip(np.rint(p * top), 0, top))
    return np.stack(planes, axis=-1).astype(np.int64)


def note(name, samples, bits, signed, allowed):
    height, width, components = samples.shape
    raw = samples.astype("<i2" if signed else "<u2").tobytes()
    packed = base64.b64encode(zlib.compress(raw, 9)).decode()
    rows.append(f"{name}\t{width}\t{height}\t{components}\t{bits}\t{int(signed)}\t{allowed}\t{packed}")


def run(*command):
    subprocess.run([str(c) for c in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def jpeg2000(name, shape, options, signed=False, allowed=None, ending="j2k"):
    width, height, components, bits = shape
    samples = picture(width, height, components, bits, len(rows))
    if signed:
        samples -= 2 ** (bits - 1)
    out = OUT / f"{name}.{ending}"
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "in.raw"
        kind = ("i" if signed else "u") + ("1" if bits <= 8 else "2")
        # Components one after the other; opj_compress takes .raw as big endian, opj_decompress writes little endian.
        raw.write_bytes(b"".join(samples[..., c].astype(">" + kind).tobytes() for c in range(components)))
        form = f"{width},{height},{components},{bits},{'s' if signed else 'u'}"
        run("opj_compress", "-i", raw, "-o", out, "-F", form, *options.split())
        if allowed is not None:
            back = Path(folder) / "out.raw"
            run("opj_decompress", "-i", out, "-o", back)
            words = np.frombuffer(back.read_bytes(), "<" + kind).astype(np.int64)
            samples = words.reshape(components, height, width).transpose(1, 2, 0)
    note(out.name, samples, bits, signed, allowed or 0)


def sub_sampled(name, shape, steps, options):
    """Second and third component with one sample for several pixels, which each of these pixels gets."""
    width, height, _, bits = shape
    whole = picture(width, height, 3, bits, len(rows))
    across, down = steps
    planes = [whole[..., 0], whole[::down, ::across, 1], whole[::down, ::across, 2]]
    out = OUT / f"{name}.j2k"
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "in.raw"
        raw.write_bytes(b"".join(plane.astype("u1").tobytes() for plane in planes))
        run("opj_compress", "-i", raw, "-o", out, "-F", f"{width},{height},3,8,u@1x1:{across}x{down}:{across}x{down}", *options.split())
    samples = whole.copy()
    for c in (1, 2):
        samples[..., c] = planes[c].repeat(down, 0).repeat(across, 1)[:height, :width]
    note(out.name, samples, bits, False, 0)


def dicom(samples, bits, path):
    height, width, components = samples.shape
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = generate_uid(entropy_srcs=["konsil", str(len(rows))])
    ds.Rows, ds.Columns, ds.SamplesPerPixel = height, width, components
    ds.PhotometricInterpretation = "RGB" if components == 3 else "MONOCHROME2"
    if components == 3:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated = 8 if bits <= 8 else 16
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, bits - 1, 0
    data = samples.astype("u1" if bits <= 8 else "<u2").tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OB" if bits <= 8 else "OW"
    ds.save_as(path, enforce_file_format=True)


def by_dcmtk(name, shape, coder, options, allowed=None, decoder="dcmdjpeg"):
    width, height, components, bits = shape
    samples = picture(width, height, components, bits, len(rows))
    with tempfile.TemporaryDirectory() as folder:
        plain, packed, back = (Path(folder) / n for n in ("plain.dcm", "packed.dcm", "back.dcm"))
        dicom(samples, bits, plain)
        run(coder, *options.split(), plain, packed)
        fragments = list(generate_fragments(pydicom.dcmread(packed).PixelData, endianness="<"))
        (OUT / name).write_bytes(fragments[-1])
        if allowed is not None:
            # Colours stay as they are coded.
            never = ["+cn"] if decoder == "dcmdjpeg" else []
            run(decoder, *never, packed, back)
            ds = pydicom.dcmread(back)
            words = np.frombuffer(ds.PixelData, "u1" if ds.BitsAllocated == 8 else "<u2")[: samples.size]
            order = ds.get("PlanarConfiguration", 0)
            samples = words.reshape((components, height, width)).transpose(1, 2, 0) if order else words.reshape(samples.shape)
    note(name, samples, bits, False, allowed or 0)


def main():
    OUT.mkdir(exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    grey, deep, colour = (61, 47, 1, 8), (61, 47, 1, 12), (45, 38, 3, 8)
    jpeg2000("plain", deep, "-n 6")
    jpeg2000("16bit", (61, 47, 1, 16), "-n 4")
    jpeg2000("signed", deep, "-n 4", signed=True)
    jpeg2000("two-rows", (61, 2, 1, 8), "-n 2")
    jpeg2000("two-columns", (2, 47, 1, 8), "-n 2")
    jpeg2000("one-level", grey, "-n 1")
    jpeg2000("colour", colour, "-n 4 -mct 1")
    jpeg2000("colour-apart", colour, "-n 4 -mct 0")
    jpeg2000("boxes", grey, "-n 4", ending="jp2")
    for order in ("LRCP", "RLCP", "RPCL", "PCRL", "CPRL"):
        jpeg2000(f"order-{order}", colour, f"-n 4 -p {order} -mct 0 -c [32,32],[16,16],[16,16] -b 8,8 -r 8,4,1 -SOP -EPH")
    jpeg2000("change", colour, "-n 3 -mct 0 -r 4,1 -POC T1=0,0,1,2,3,RLCP/T1=0,0,2,3,3,CPRL", allowed=0)
    jpeg2000("tiles", grey, "-n 3 -t 20,17")
    jpeg2000("tiles-moved", grey, "-n 4 -t 20,17 -d 13,7 -T 5,3 -c [16,16]")
    jpeg2000("moved", (50, 33, 1, 12), "-n 5 -d 31,17")
    for style in (1, 2, 4, 8, 16, 32, 5, 13, 63):
        jpeg2000(f"style-{style:02}", deep, f"-n 3 -b 16,16 -M {style}")
    jpeg2000("region", colour, "-n 3 -ROI c=1,U=7 -mct 0")
    jpeg2000("real", deep, "-n 5 -I -r 4", allowed=1)
    jpeg2000("real-tiles", grey, "-n 4 -I -r 3 -t 20,17 -d 13,7 -T 5,3", allowed=1)
    jpeg2000("real-colour", colour, "-n 4 -I -r 5 -mct 1", allowed=1)
    jpeg2000("cut-layers", deep, "-n 4 -r 8", allowed=0)
    for value in range(1, 8):
        by_dcmtk(f"lossless-{value}.jpg", deep, "dcmcjpeg", f"+el +sv {value}")
    by_dcmtk("lossless-16.jpg", (61, 47, 1, 16), "dcmcjpeg", "+e1")
    by_dcmtk("lossless-8.jpg", grey, "dcmcjpeg", "+e1")
    by_dcmtk("lossless-colour.jpg", colour, "dcmcjpeg", "+e1")
    by_dcmtk("baseline.jpg", grey, "dcmcjpeg", "+eb", 0)
    by_dcmtk("extended-12.jpg", deep, "dcmcjpeg", "+ee +bt", 0)
    by_dcmtk("spectral-12.jpg", deep, "dcmcjpeg", "+es +bt", 0)
    by_dcmtk("progressive-12.jpg", deep, "dcmcjpeg", "+ep +bt", 0)
    by_dcmtk("progressive.jpg", grey, "dcmcjpeg", "+ep", 0)
    by_dcmtk("baseline-444.jpg", colour, "dcmcjpeg", "+eb +s4", 0)
    by_dcmtk("baseline-422.jpg", colour, "dcmcjpeg", "+eb +s2", 0)
    by_dcmtk("baseline-420.jpg", colour, "dcmcjpeg", "+eb +n1", 0)
    by_dcmtk("progressive-420.jpg", colour, "dcmcjpeg", "+ep +n1", 0)
    for bits in (2, 3, 5, 8, 16):
        by_dcmtk(f"lossless-{bits}.jls", (61, 47, 1, bits), "dcmcjpls", "+el")
    for bits in (9, 10, 12, 15):
        by_dcmtk(f"cooked-{bits}.jls", (61, 47, 1, bits), "dcmcjpls", "+el +pc")
    for way in "nls":
        by_dcmtk(f"colour-{way}.jls", colour, "dcmcjpls", f"+el +i{way}")
        by_dcmtk(f"near-colour-{way}.jls", colour, "dcmcjpls", f"+en +md 3 +i{way}", 0, "dcmdjpls")
    by_dcmtk("near-2.jls", deep, "dcmcjpls", "+en +md 2", 0, "dcmdjpls")
    by_dcmtk("near-9.jls", grey, "dcmcjpls", "+en +md 9", 0, "dcmdjpls")
    by_dcmtk("thresholds.jls", deep, "dcmcjpls", "+el +pc +t1 9 +t2 30 +t3 90 +rs 31")
    sub_sampled("sub-sampled-422", (46, 38, 3, 8), (2, 1), "-n 3 -mct 0")
    sub_sampled("sub-sampled-420", (46, 38, 3, 8), (2, 2), "-n 3 -mct 0")
    (OUT / "streams.tsv").write_text("\n".join(rows) + "\n")


main()
