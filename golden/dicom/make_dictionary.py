"""Writes the table of DICOM data elements (PS3.6) that konsil-media reads: tag, VR, keyword; one a line.

Python 3.11, pydicom 3.0.2. Run: python golden/dicom/make_dictionary.py
The elements come from pydicom's table of the standard; retired ones are kept, because old files have them.
"""

from pathlib import Path

from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary

# A VR that depends on another element is read as: US or SS -> XS, anything with OW -> OW.
CHOICES = {"US or SS": "XS", "US or OW": "OW", "OB or OW": "OW", "US or SS or OW": "OW"}

OUT = Path(__file__).parents[2] / "konsil-media/src/main/resources/konsil/media/dicom/dictionary.txt"


def lines():
    for tag, (vr, _, _, _, keyword) in sorted(DicomDictionary.items()):
        if keyword and vr != "NONE":
            yield f"{tag:08X}{CHOICES.get(vr, vr)}{keyword}"
    for mask, (vr, _, _, _, keyword) in sorted(RepeatersDictionary.items()):
        # Curves and overlays: the group is even, 5000 to 501E and 6000 to 601E.
        if mask[:4] in ("50xx", "60xx") and keyword:
            yield f"{mask[:2]}00{mask[4:]}{CHOICES.get(vr, vr)}{keyword}"


OUT.write_text("\n".join(lines()) + "\n")
