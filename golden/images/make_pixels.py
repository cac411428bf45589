"""What Pillow's resize and transformers' Gemma 3 image processor make of pictures.

usage: make_pixels.py OUT      (Python 3.11; pillow 12.3.0, transformers 5.18.0, torch 2.13.0, numpy 2.4.6)

resize.tsv   width, height, new width, new height, kind, then the samples of Image.resize(size, BILINEAR) as hex, or
             "sha256:" and their hash where they are many. The input is made by picture() below.
crops.tsv    width, height, smallest crop, most crops, ratio, then x,y,width,height of each crop of pan_and_scan
pixels.tsv   width, height, kind, new width, new height, mean and std (three each), padded or not, pan and scan or not,
             then the number of pictures and the sha256 of their pixel_values as little-endian f32
"""
import hashlib
import sys
import numpy as np
from PIL import Image
from transformers.models.gemma3.image_processing_pil_gemma3 import Gemma3ImageProcessorPil

out = sys.argv[1]
Image.MAX_IMAGE_PIXELS = None


def picture(w, h, kind):
    """The same in every language: 32-bit arithmetic on the index of the sample."""
    i = np.arange(w * h * 3, dtype=np.uint32)
    if kind == "noise":
        x = (i + np.uint32(7919)) * np.uint32(2654435761)
        x ^= x >> np.uint32(15)
        x *= np.uint32(2246822519)
        x ^= x >> np.uint32(13)
        v = x & np.uint32(255)
    elif kind == "ramp":
        v = (i // np.uint32(3) * np.uint32(255)) // np.uint32(max(1, w * h - 1))
    else:
        v = np.full(w * h * 3, int(kind), np.uint32)
    return Image.frombytes("RGB", (w, h), v.astype(np.uint8).tobytes())


def told(data):
    return data.hex() if len(data) <= 2000 else "sha256:" + hashlib.sha256(data).hexdigest()


with open(f"{out}/resize.tsv", "w") as to:
    for w, h, nw, nh, kind in [
        (1, 1, 1, 1, "noise"), (1, 1, 11, 5, "noise"), (1, 7, 5, 3, "noise"), (7, 1, 3, 5, "noise"), (2, 2, 3, 3, "noise"),
        (3, 3, 2, 2, "noise"), (3, 3, 1, 1, "noise"), (13, 9, 13, 9, "noise"), (13, 9, 13, 4, "noise"), (13, 9, 5, 9, "noise"),
        (13, 9, 14, 10, "noise"), (13, 9, 12, 8, "noise"), (13, 9, 26, 18, "ramp"), (100, 3, 7, 31, "noise"), (3, 100, 31, 7, "noise"),
        (65535, 1, 5, 2, "noise"), (1, 65535, 2, 5, "noise"), (2000, 3, 1, 1, "noise"), (50000, 2, 3, 3, "255"), (30000, 3, 7, 2, "254"),
        (64, 64, 112, 112, "noise"), (640, 500, 112, 112, "noise"), (210, 300, 112, 112, "ramp"), (897, 895, 896, 896, "noise"),
        (895, 897, 896, 896, "ramp"), (512, 512, 896, 896, "noise"), (1411, 1411, 896, 896, "noise"), (3001, 1999, 896, 896, "255"),
        (4000, 3000, 896, 896, "noise"), (9000, 30, 896, 896, "noise"),
    ]:
        small = picture(w, h, kind).resize((nw, nh), Image.Resampling.BILINEAR)
        to.write("\t".join(map(str, (w, h, nw, nh, kind, told(small.tobytes())))) + "\n")

half = Gemma3ImageProcessorPil(size={"height": 8, "width": 8}, image_mean=[0.5] * 3, image_std=[0.5] * 3)
with open(f"{out}/crops.tsv", "w") as to:
    sizes = [(512, 512), (600, 512), (614, 512), (615, 512), (512, 615), (1024, 300), (300, 1024), (1280, 512), (1281, 512), (2000, 300),
             (300, 2000), (10000, 300), (1023, 511), (511, 1023), (700, 256), (700, 255), (256, 700), (3001, 1000), (1536, 1024), (5, 4), (1, 1)]
    for smallest, most, ratio in [(256, 4, 1.2), (100, 8, 1.5), (1, 1, 1.0), (256, 2, 1.2)]:
        for w, h in sizes:
            y, x = np.mgrid[0:h, 0:w]
            crops = half.pan_and_scan(np.stack([x, y, y]), smallest, most, ratio)
            # Rounded up, the crops may leave nothing for the last one.
            boxes = [f"{c[0, 0, 0]},{c[1, 0, 0]},{c.shape[2]},{c.shape[1]}" if c.size else "empty" for c in crops]
            to.write("\t".join([str(w), str(h), str(smallest), str(most), str(ratio)] + boxes) + "\n")


def padded(im):
    side = max(im.size)
    square = Image.new("RGB", (side, side))
    square.paste(im, ((side - im.width) // 2, (side - im.height) // 2))
    return square


with open(f"{out}/pixels.tsv", "w") as to:
    imagenet = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    plain = ([0.5] * 3, [0.5] * 3)
    for w, h, kind, nw, nh, (mean, std), pad, scan in [
        (61, 47, "noise", 56, 56, plain, False, False), (61, 47, "noise", 56, 56, plain, True, False), (47, 62, "noise", 56, 56, plain, True, False),
        (61, 47, "noise", 56, 42, imagenet, False, False), (1, 1, "noise", 28, 28, imagenet, False, False), (1, 30, "ramp", 28, 28, plain, True, False),
        (1100, 300, "noise", 112, 112, plain, False, True), (300, 1100, "ramp", 112, 112, plain, False, True), (400, 400, "noise", 112, 112, plain, False, True),
        (256, 3, "ramp", 256, 3, plain, False, False), (256, 3, "ramp", 256, 3, imagenet, False, False), (1200, 900, "noise", 896, 896, plain, False, False),
    ]:
        im = picture(w, h, kind)
        processor = Gemma3ImageProcessorPil(size={"height": nh, "width": nw}, image_mean=mean, image_std=std, do_pan_and_scan=scan,
                                            pan_and_scan_min_crop_size=256, pan_and_scan_max_num_crops=4, pan_and_scan_min_ratio_to_activate=1.2)
        values = processor(images=[padded(im) if pad else im], return_tensors="np")["pixel_values"]
        assert values.dtype == np.float32 and values.shape[1:] == (3, nh, nw)
        row = [w, h, kind, nw, nh, *mean, *std, "padded" if pad else "plain", "scan" if scan else "whole", len(values)]
        to.write("\t".join(map(str, row + [hashlib.sha256(values.astype("<f4").tobytes()).hexdigest()])) + "\n")
