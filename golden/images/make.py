"""Small image files of every kind, and what Pillow makes of them.

usage: make.py OUT      (Python 3.11; pillow 12.3.0 with libjpeg-turbo 3.1.4.1 and libtiff 4.7.1, numpy 2.4.6)

files/NAME     the images: some written by Pillow, the rest byte by byte below, because Pillow cannot write them
expected.tsv   NAME, width, height, samples of Image.open(NAME).convert("RGB") as hex; NAME@upright for those that
               ImageOps.exif_transpose turns; "refused" instead of samples where Pillow raises an error
"""
import io
import struct
import sys
import warnings
import zlib
import numpy as np
from PIL import Image, ImageCms, ImageOps

out = sys.argv[1]
rng = np.random.default_rng(20261121)
W, H = 13, 9
expected = []
warnings.simplefilter("ignore")


def rows_of(im):
    return "%d\t%d\t%s" % (im.width, im.height, im.tobytes().hex())


def put(name, data):
    open(f"{out}/files/{name}", "wb").write(data)
    try:
        im = Image.open(io.BytesIO(data))
        rgb = im.convert("RGB")
        expected.append(f"{name}\t{rows_of(rgb)}")
        up = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
        if up.tobytes() != rgb.tobytes() or up.size != rgb.size:
            expected.append(f"{name}@upright\t{rows_of(up)}")
    except Exception as e:
        print(name, "refused:", repr(e)[:100])
        expected.append(f"{name}\t0\t0\trefused")


def saved(im, kind, **options):
    to = io.BytesIO()
    im.save(to, kind, **options)
    return to.getvalue()


def noise(*shape, top=256, dtype=np.uint8):
    return rng.integers(0, top, shape, dtype=np.uint32).astype(dtype)


def smooth(w, h):
    """A picture that JPEG can hold: waves and one edge."""
    y, x = np.mgrid[0:h, 0:w]
    planes = [127 + 100 * np.sin(x / 5 + k) * np.cos(y / 4 - k) + 25 * (x > w // 2) for k in range(3)]
    return np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)


def exif(orientation, endian="II"):
    o = "<" if endian == "II" else ">"
    return endian.encode() + struct.pack(o + "HIH", 42, 8, 1) + struct.pack(o + "HHIHHI", 274, 3, 1, orientation, 0, 0)


# ---------------------------------------------------------------- PNG (ISO 15948)
def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png_rows(samples, depth, bpp):
    """Rows of (h, w, channels), packed to the depth and filtered by one filter after the other."""
    h, w, c = samples.shape
    if w == 0 or h == 0:
        return b""
    flat = samples.reshape(h, w * c)
    if depth == 16:
        packed = flat.astype(">u2").view(np.uint8).reshape(h, -1)
    elif depth == 8:
        packed = flat.astype(np.uint8)
    else:
        bits = ((flat[:, :, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8).reshape(h, -1)
        packed = np.packbits(bits, axis=1)
    data, before = b"", np.zeros(packed.shape[1], int)
    for y in range(h):
        row = packed[y].astype(int)
        left = np.concatenate([np.zeros(bpp, int), row[:-bpp]]) if len(row) > bpp else np.zeros(len(row), int)
        upleft = np.concatenate([np.zeros(bpp, int), before[:-bpp]]) if len(row) > bpp else np.zeros(len(row), int)
        p = left + before - upleft
        a, b, q = abs(p - left), abs(p - before), abs(p - upleft)
        paeth = np.where((a <= b) & (a <= q), left, np.where(b <= q, before, upleft))
        kind = y % 5
        filtered = row - [0 * row, left, before, (left + before) // 2, paeth][kind]
        data += bytes([kind]) + (filtered & 255).astype(np.uint8).tobytes()
        before = row
    return data


def png(samples, depth, colour, interlace=False, before=b"", after=b"", packs=1):
    h, w, c = samples.shape
    bpp = max(1, c * depth // 8)
    if interlace:
        raw = b"".join(png_rows(samples[y::dy, x::dx], depth, bpp) for x, y, dx, dy in ADAM7)
    else:
        raw = png_rows(samples, depth, bpp)
    z = zlib.compress(raw)
    step = -(-len(z) // packs)
    data = b"".join(chunk(b"IDAT", z[i : i + step]) for i in range(0, len(z), step))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, int(interlace)))
    return b"\x89PNG\r\n\x1a\n" + head + before + data + after + chunk(b"IEND", b"")


palette = noise(256, 3)
for depth, colour, name in [(1, 0, "grey1"), (2, 0, "grey2"), (4, 0, "grey4"), (8, 0, "grey8"), (16, 0, "grey16"),
                            (8, 2, "rgb8"), (16, 2, "rgb16"), (1, 3, "palette1"), (2, 3, "palette2"), (4, 3, "palette4"),
                            (8, 3, "palette8"), (8, 4, "greyalpha8"), (16, 4, "greyalpha16"), (8, 6, "rgba8"), (16, 6, "rgba16")]:
    c = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    s = noise(H, W, c, top=1 << depth, dtype=np.uint16)
    plte = chunk(b"PLTE", palette[: 1 << depth].tobytes()) if colour == 3 else b""
    put(f"png-{name}.png", png(s, depth, colour, before=plte))
    put(f"png-{name}-interlaced.png", png(s, depth, colour, True, before=plte, packs=3))
grey16 = np.array([0, 1, 127, 128, 254, 255, 256, 257, 511, 4095, 32767, 32768, 65535]).reshape(1, 13, 1)
put("png-grey16-levels.png", png(grey16, 16, 0))
p8 = noise(H, W, 1)
plte = chunk(b"PLTE", palette.tobytes())
put("png-palette8-alpha.png", png(p8, 8, 3, before=plte + chunk(b"tRNS", noise(256).tobytes())))
put("png-palette8-hole.png", png(p8, 8, 3, before=plte + chunk(b"tRNS", b"\xff\xff\0")))
put("png-palette8-short.png", png(p8, 8, 3, before=chunk(b"PLTE", palette[:40].tobytes())))
put("png-palette4-short.png", png(p8 % 16, 4, 3, before=chunk(b"PLTE", palette[:5].tobytes())))
put("png-grey8-hole.png", png(p8, 8, 0, before=chunk(b"tRNS", struct.pack(">H", int(p8[0, 0, 0])))))
put("png-grey1-hole.png", png(p8 % 2, 1, 0, before=chunk(b"tRNS", struct.pack(">H", 1))))
put("png-grey16-hole.png", png(grey16, 16, 0, before=chunk(b"tRNS", struct.pack(">H", 255))))
rgb = noise(H, W, 3)
put("png-rgb8-hole.png", png(rgb, 8, 2, before=chunk(b"tRNS", struct.pack(">HHH", *map(int, rgb[2, 3])))))
put("png-rgb8-suggested-palette.png", png(rgb, 8, 2, before=plte))
icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
put("png-rgb8-profile.png", png(rgb, 8, 2, before=chunk(b"iCCP", b"x\0\0" + zlib.compress(icc)), packs=5))
put("png-rgb8-gamma.png", png(rgb, 8, 2, before=chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"sRGB", b"\0")))
put("png-grey8-gamma.png", png(p8, 8, 0, before=chunk(b"gAMA", struct.pack(">I", 100000))))
put("png-rgb8-text.png", png(rgb, 8, 2, before=chunk(b"tEXt", b"no zero byte"), after=chunk(b"zTXt", b"k\0\0not zlib")))
put("png-rgb8-private.png", png(rgb, 8, 2, before=chunk(b"prVt", b"abc"), after=chunk(b"tIME", b"\0" * 7)))
put("png-rgb8-exif6.png", png(rgb, 8, 2, before=chunk(b"eXIf", exif(6, "MM"))))
put("png-rgb8-exif6-late.png", png(rgb, 8, 2, after=chunk(b"eXIf", exif(6))))
put("png-animated.png", saved(Image.fromarray(rgb), "PNG", save_all=True, append_images=[Image.fromarray(255 - rgb)]))
for w, h in [(1, 1), (1, 7), (7, 1), (2, 3), (5, 5), (33, 2)]:
    put(f"png-{w}x{h}-interlaced.png", png(noise(h, w, 3), 8, 2, True))
put("png-1x1.png", png(noise(1, 1, 3), 8, 2))
whole = png(rgb, 8, 2)
put("bad-png-cut.png", whole[:200])
put("bad-png-few-rows.png", whole[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H + 1, 8, 2, 0, 0, 0)) + whole[33:])
put("bad-png-checksum.png", whole.replace(struct.pack(">II", W, H), struct.pack(">II", W, H - 1), 1))
put("bad-png-no-end.png", whole[:-12])
put("bad-png-no-palette.png", png(p8, 8, 3))

# ---------------------------------------------------------------- GIF (89a)
def gif(w, h, frames, table=None, background=0):
    flags = 0x80 | 7 if table is not None else 0
    data = b"GIF89a" + struct.pack("<HHBBB", w, h, flags, background, 0) + (table.tobytes() if table is not None else b"")
    return data + b"".join(frames) + b";"


def lzw(indices, bits=8):
    """Codes that never grow: a clear code before the table is full."""
    acc = n = 0
    data = bytearray()
    codes, clear = [], 1 << bits
    for i, v in enumerate(indices):
        if i % ((1 << bits) - 3) == 0:
            codes.append(clear)
        codes.append(int(v))
    for code in codes + [clear + 1]:
        acc |= code << n
        n += bits + 1
        while n >= 8:
            data.append(acc & 255)
            acc, n = acc >> 8, n - 8
    data.append(acc & 255)
    body = b"".join(bytes([len(data[i : i + 255])]) + bytes(data[i : i + 255]) for i in range(0, len(data), 255))
    return bytes([bits]) + body + b"\0"


def frame(x, y, pixels, interlaced=False, table=None, hole=None):
    h, w = pixels.shape
    order = [r for s, d in ((0, 8), (4, 8), (2, 4), (1, 2)) for r in range(s, h, d)] if interlaced else range(h)
    control = b"" if hole is None else b"!\xf9\x04\x01\0\0" + bytes([hole]) + b"\0"
    flags = (0x40 if interlaced else 0) | (0x80 | 7 if table is not None else 0)
    return (control + b"," + struct.pack("<HHHHB", x, y, w, h, flags) + (table.tobytes() if table is not None else b"")
            + lzw(pixels[list(order)].reshape(-1)))


g = noise(H, W)
other = noise(256, 3)
greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, 1)
put("gif-whole.gif", gif(W, H, [frame(0, 0, g)], palette))
put("gif-interlaced.gif", gif(W, H, [frame(0, 0, g, True)], palette))
put("gif-local-table.gif", gif(W, H, [frame(0, 0, g, table=other)], palette))
put("gif-hole.gif", gif(W, H, [frame(0, 0, g, hole=int(g[1, 1]))], palette))
put("gif-small.gif", gif(W + 4, H + 3, [frame(2, 1, g)], palette, background=7))
put("gif-small-hole.gif", gif(W + 4, H + 3, [frame(2, 1, g, hole=9)], palette, background=7))
put("gif-small-local-table.gif", gif(W + 4, H + 3, [frame(2, 1, g, table=other)], palette, background=7))
put("gif-beyond-screen.gif", gif(W - 3, H - 2, [frame(1, 1, g)], palette))
put("gif-no-table.gif", gif(W, H, [frame(0, 0, g)]))
put("gif-grey-table.gif", gif(W + 1, H, [frame(0, 0, g)], greys, background=3))
put("gif-animated.gif", gif(W, H, [frame(0, 0, g), frame(1, 1, g[:4, :4])], palette))
put("gif-comment.gif", gif(W, H, [b"!\xfe\x05hello\0", frame(0, 0, g)], palette))
put("gif-pillow.gif", saved(Image.fromarray(smooth(24, 18)), "GIF"))
put("gif-pillow-interlaced.gif", saved(Image.fromarray(smooth(23, 19)).convert("P"), "GIF", interlace=1))
put("bad-gif-cut.gif", gif(W, H, [frame(0, 0, g)], palette)[:-60])
put("bad-gif-few.gif", gif(W, H + 1, [frame(0, 0, g)[:5] + struct.pack("<HH", W, H + 1) + frame(0, 0, g)[9:]], palette))

# ---------------------------------------------------------------- BMP
def bmp(w, h, bits, rows, table=b"", compression=0, masks=b"", down=False, colours=0, head=40):
    data = b"".join(rows)
    if head == 12:
        info = struct.pack("<IHHHH", 12, w, h, 1, bits)
    else:
        info = struct.pack("<IiiHHIIIIII", head, w, -h if down else h, 1, bits, compression, len(data), 2835, 2835, colours, 0)
        info += (masks + b"\0" * 84)[: head - 40] if head > 40 else masks
    offset = 14 + len(info) + len(table)
    return b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + info + table + data


def bmp_rows(packed, down=False):
    lines = [r.tobytes() + b"\0" * (-r.nbytes % 4) for r in packed]
    return lines if down else lines[::-1]


def bits_of(indices, depth):
    return np.packbits(((indices[:, :, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8).reshape(len(indices), -1), axis=1)


quads = np.concatenate([palette[:, ::-1], np.zeros((256, 1), np.uint8)], 1)
for depth in (1, 4, 8):
    i = noise(H, W, top=1 << depth)
    put(f"bmp-palette{depth}.bmp", bmp(W, H, depth, bmp_rows(bits_of(i, depth)), quads[: 1 << depth].tobytes()))
    put(f"bmp-palette{depth}-down.bmp", bmp(W, H, depth, bmp_rows(bits_of(i, depth), True), quads[: 1 << depth].tobytes(), down=True))
    put(f"bmp-palette{depth}-os2.bmp", bmp(W, H, depth, bmp_rows(bits_of(i, depth)), palette[: 1 << depth, ::-1].tobytes(), head=12))
i = noise(H, W, top=20)
put("bmp-palette8-20-colours.bmp", bmp(W, H, 8, bmp_rows(i), quads[:20].tobytes(), colours=20))
put("bmp-palette8-beyond.bmp", bmp(W, H, 8, bmp_rows(noise(H, W, top=40)), quads[:20].tobytes(), colours=20))
put("bmp-grey8.bmp", saved(Image.fromarray(g), "BMP"))
put("bmp-black-white.bmp", saved(Image.fromarray(g).convert("1"), "BMP"))
put("bmp-rgb24.bmp", saved(Image.fromarray(rgb), "BMP"))
put("bmp-rgba32.bmp", saved(Image.fromarray(noise(H, W, 4), "RGBA"), "BMP"))
put("bmp-rgb32.bmp", bmp(W, H, 32, bmp_rows(noise(H, W, 4))))
words = noise(H, W, top=65536, dtype=np.uint16)
put("bmp-555.bmp", bmp(W, H, 16, bmp_rows(words)))
put("bmp-555-masks.bmp", bmp(W, H, 16, bmp_rows(words), compression=3, masks=struct.pack("<III", 0x7C00, 0x3E0, 0x1F)))
put("bmp-565.bmp", bmp(W, H, 16, bmp_rows(words), compression=3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)))
dwords = noise(H, W, 4)
for name, masks in [("bgrx", (0xFF0000, 0xFF00, 0xFF)), ("xbgr", (0xFF000000, 0xFF0000, 0xFF00)), ("bgxr", (0xFF000000, 0xFF00, 0xFF))]:
    put(f"bmp-32-{name}.bmp", bmp(W, H, 32, bmp_rows(dwords), compression=3, masks=struct.pack("<III", *masks)))
for name, masks in [("rgba", (0xFF, 0xFF00, 0xFF0000, 0xFF000000)), ("bgra", (0xFF0000, 0xFF00, 0xFF, 0xFF000000))]:
    put(f"bmp-32-{name}-v4.bmp", bmp(W, H, 32, bmp_rows(dwords), compression=3, masks=struct.pack("<IIII", *masks), head=108))
put("bmp-rgb24-v5.bmp", bmp(W, H, 24, bmp_rows(rgb[:, :, ::-1]), head=124))
end, stop = b"\0\0", b"\0\1"
line8 = b"\x05\x11\x03\x22\x00\x05\x01\x02\x03\x04\x05\x00"
rle8 = end.join([line8, b"\x0d\x07"] * 4 + [b"\0\x0d" + bytes(range(13)) + b"\0"]) + stop
put("bmp-rle8.bmp", bmp(W, H, 8, [rle8], quads.tobytes(), compression=1))
line4 = b"\x05\x12\x04\x34\x00\x04\x56\x78"
rle4 = end.join([line4, b"\x0d\x7a"] * 4 + [b"\x0d\x3c"]) + stop
put("bmp-rle4.bmp", bmp(W, H, 4, [rle4], quads[:16].tobytes(), compression=2))
put("bmp-rle8-short-lines.bmp", bmp(W, H, 8, [end.join([b"\x05\x11"] * 9) + end + stop], quads.tobytes(), compression=1))
put("bmp-rle8-jump.bmp", bmp(W, H, 8, [b"\x03\x11\0\2\x04\x01\x06\x22" + end + end.join([b"\x0d\x05"] * 7) + end + stop], quads.tobytes(), compression=1))
put("bmp-rle8-early-end.bmp", bmp(W, H, 8, [line8 + stop], quads.tobytes(), compression=1))
put("bad-bmp-cut.bmp", saved(Image.fromarray(rgb), "BMP")[:-30])

# ---------------------------------------------------------------- TIFF 6.0
def tiff(planes, photo, bits, endian="II", extra=(), table=None, tags=(), strips=1, pack=None, method=1, tile=None, big=False):
    """planes: (bands, h, w): band-sequential, or (1, h, w, samples): interleaved; bits: one number a sample."""
    o = "<" if endian == "II" else ">"
    h, w = planes.shape[1:3]
    pack = pack or (lambda a: a.tobytes())
    blocks = []
    for plane in planes:
        if tile:
            for y in range(0, h, tile):
                for x in range(0, w, tile):
                    t = np.zeros((tile, tile) + plane.shape[2:], plane.dtype)
                    part = plane[y : y + tile, x : x + tile]
                    t[: part.shape[0], : part.shape[1]] = part
                    blocks.append(pack(t))
        else:
            per = -(-h // strips)
            blocks += [pack(plane[y : y + per]) for y in range(0, h, per)]
    entries = [(256, 4, [w]), (257, 4, [h]), (258, 3, bits), (259, 3, [method]), (262, 3, [photo]), (277, 3, [len(bits)]),
               (284, 3, [2 if len(planes) > 1 else 1])]
    at = (16 if big else 8)
    offsets = []
    for b in blocks:
        offsets.append(at)
        at += len(b) + len(b) % 2
    counts = [len(b) for b in blocks]
    if tile:
        entries += [(322, 3, [tile]), (323, 3, [tile]), (324, 4, offsets), (325, 4, counts)]
    else:
        entries += [(273, 4, offsets), (278, 4, [-(-h // strips)]), (279, 4, counts)]
    if len(extra):
        entries.append((338, 3, list(extra)))
    if table is not None:
        entries.append((320, 3, [int(v) * 257 for v in table.T.reshape(-1)]))
    entries = sorted(entries + list(tags))
    body = b"".join(b + b"\0" * (len(b) % 2) for b in blocks)
    head = endian.encode() + (struct.pack(o + "HHHQ", 43, 8, 0, at) if big else struct.pack(o + "HI", 42, at))
    slot = 8 if big else 4
    count = struct.pack(o + ("Q" if big else "H"), len(entries))
    directory, rest = b"", b""
    after = at + len(count) + len(entries) * (20 if big else 12) + slot
    for tag, kind, values in entries:
        v = struct.pack(o + {3: "H", 4: "I", 1: "B"}[kind] * len(values), *values)
        if len(v) > slot:
            directory += struct.pack(o + ("HHQQ" if big else "HHII"), tag, kind, len(values), after + len(rest))
            rest += v + b"\0" * (len(v) % 2)
        else:
            directory += struct.pack(o + ("HHQ" if big else "HHI"), tag, kind, len(values)) + v.ljust(slot, b"\0")
    return head + body + count + directory + b"\0" * slot + rest


def one(a):
    return a[None]


for e, t in (("II", "<"), ("MM", ">")):
    put(f"tiff-grey16-{e}.tif", tiff(one(noise(H, W, top=600, dtype=np.uint16).astype(t + "u2")), 1, [16], e))
    put(f"tiff-rgb16-{e}.tif", tiff(one(noise(H, W, 3, top=65536, dtype=np.uint16).astype(t + "u2")), 2, [16] * 3, e))
    signed = tiff(one((noise(H, W, top=900, dtype=np.uint32).astype(int) - 300).astype(t + "i2")), 1, [16], e, tags=[(339, 3, [2])])
    put(f"tiff-signed16-{e}.tif", signed)
    put(f"tiff-float-{e}.tif", tiff(one((noise(H, W, top=4000, dtype=np.uint32) / 10 - 50).astype(t + "f4")), 1, [32], e, tags=[(339, 3, [3])]))
for depth in (1, 2, 4, 8):
    i = noise(H, W, top=1 << depth)
    packed = bits_of(i, depth)
    for photo, name in ((0, "white-is-zero"), (1, "black-is-zero"), (3, "palette")):
        made = tiff(one(i), photo, [depth], table=palette[: 1 << depth] if photo == 3 else None, pack=lambda a: bits_of(a, depth).tobytes(), strips=2)
        put(f"tiff-{name}{depth}.tif", made)
rgba = noise(H, W, 4)
put("tiff-rgb8.tif", tiff(one(rgb), 2, [8] * 3, "MM", strips=4))
put("tiff-rgb8-planes.tif", tiff(rgb.transpose(2, 0, 1), 2, [8] * 3))
put("tiff-rgb8-tiles.tif", tiff(one(noise(18, 21, 3)), 2, [8] * 3, tile=16))
put("tiff-rgb8-big.tif", tiff(one(rgb), 2, [8] * 3, big=True))
for extra, name in (((), "missing"), ((0,), "unspecified"), ((1,), "associated"), ((2,), "unassociated")):
    put(f"tiff-rgba8-{name}.tif", tiff(one(rgba), 2, [8] * 4, extra=extra))
put("tiff-rgba16-unassociated.tif", tiff(one(noise(H, W, 4, top=65536, dtype=np.uint16)), 2, [16] * 4, extra=(2,)))
put("tiff-rgba16-associated.tif", tiff(one(noise(H, W, 4, top=65536, dtype=np.uint16)), 2, [16] * 4, extra=(1,)))
put("tiff-white-is-zero16.tif", tiff(one(noise(H, W, top=300, dtype=np.uint16)), 0, [16]))
put("tiff-signed8.tif", tiff(one(g), 1, [8], tags=[(339, 3, [2])]))
put("tiff-cmyk8-extra.tif", tiff(one(noise(H, W, 5)), 5, [8] * 5, extra=(0,)))
put("tiff-greyalpha8.tif", tiff(one(noise(H, W, 2)), 1, [8] * 2, extra=(2,)))
put("tiff-cmyk8.tif", tiff(one(rgba), 5, [8] * 4))
put("tiff-cmyk16.tif", tiff(one(noise(H, W, 4, top=65536, dtype=np.uint16)), 5, [16] * 4))
put("tiff-int32.tif", saved(Image.fromarray((noise(H, W, top=900, dtype=np.uint32).astype(np.int32) - 300)), "TIFF"))
put("tiff-uint32.tif", tiff(one(noise(H, W, top=600, dtype=np.uint32)), 1, [32]))
put("tiff-uint32-shallow.tif", tiff(one(noise(H, W, top=256, dtype=np.uint32)), 1, [32]))
put("tiff-double.tif", tiff(one(noise(H, W, top=600, dtype=np.uint32).astype("<f8")), 1, [64], tags=[(339, 3, [3])]))
put("tiff-lab.tif", tiff(one(rgb), 8, [8] * 3))
put("tiff-deflate.tif", tiff(one(rgb), 2, [8] * 3, method=8, pack=lambda a: zlib.compress(a.tobytes()), strips=2))
predicted = lambda a: zlib.compress(np.concatenate([a[:, :1], np.diff(a, axis=1)], 1).astype(a.dtype).tobytes())
put("tiff-deflate-predictor.tif", tiff(one(rgb), 2, [8] * 3, method=8, pack=predicted, tags=[(317, 3, [2])]))
put("tiff-deflate-predictor16.tif", tiff(one(noise(H, W, top=600, dtype=np.uint16)), 1, [16], method=8, pack=predicted, tags=[(317, 3, [2])]))
for orientation in range(2, 9):
    put(f"tiff-orientation{orientation}.tif", tiff(one(rgb), 2, [8] * 3, tags=[(274, 3, [orientation])]))
for how in ("tiff_lzw", "packbits", "tiff_adobe_deflate"):
    put(f"tiff-{how}.tif", saved(Image.fromarray(smooth(24, 18)), "TIFF", compression=how))
    put(f"tiff-{how}-grey.tif", saved(Image.fromarray(smooth(25, 18)[:, :, 0]), "TIFF", compression=how))
for how in ("group3", "group4", "tiff_ccitt"):
    put(f"tiff-{how}.tif", saved(Image.fromarray(smooth(24, 18)[:, :, 0]).convert("1"), "TIFF", compression=how))
put("tiff-lzw-predictor.tif", saved(Image.fromarray(smooth(24, 18)), "TIFF", compression="tiff_lzw", tiffinfo={317: 2}))
put("tiff-pages.tif", saved(Image.fromarray(rgb), "TIFF", save_all=True, append_images=[Image.fromarray(g)]))
put("lossy-tiff-jpeg.tif", saved(Image.fromarray(smooth(24, 18)), "TIFF", compression="jpeg", quality=95))
put("lossy-tiff-jpeg-grey.tif", saved(Image.fromarray(smooth(24, 18)[:, :, 0]), "TIFF", compression="jpeg"))
put("lossy-tiff-ycbcr.tif", saved(Image.fromarray(smooth(24, 18)).convert("YCbCr"), "TIFF"))
put("bad-tiff-cut.tif", tiff(one(rgb), 2, [8] * 3)[:150])
put("bad-tiff-no-strips.tif", tiff(one(rgb), 2, [8] * 3).replace(struct.pack("<HHI", 273, 4, 1), struct.pack("<HHI", 272, 4, 1)))

# ---------------------------------------------------------------- JPEG
def strip_app(data, *kinds):
    """Without the segments of these markers."""
    at, kept = 2, data[:2]
    while data[at + 1] != 0xDA:
        size = 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        if data[at + 1] not in kinds:
            kept += data[at : at + size]
        at += size
    return kept + data[at:]


def segment(marker, body):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def with_segment(data, marker, body):
    return data[:2] + segment(marker, body) + data[2:]


photo = Image.fromarray(smooth(29, 21))
cmyk = Image.fromarray(np.concatenate([smooth(28, 20), smooth(28, 20)[::-1, :, :1]], 2), "CMYK")
for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
    name = subsampling.replace(":", "")
    put(f"lossy-jpeg-{name}.jpg", saved(photo, "JPEG", subsampling=subsampling, quality=90))
    put(f"lossy-jpeg-{name}-progressive.jpg", saved(photo, "JPEG", subsampling=subsampling, quality=90, progressive=True))
    put(f"lossy-jpeg-{name}-bare.jpg", strip_app(saved(photo, "JPEG", subsampling=subsampling, quality=90), 0xE0))
put("lossy-jpeg-grey.jpg", saved(photo.convert("L"), "JPEG"))
put("lossy-jpeg-grey-progressive.jpg", saved(photo.convert("L"), "JPEG", progressive=True))
put("lossy-jpeg-restart.jpg", saved(photo, "JPEG", restart_marker_blocks=2))
put("lossy-jpeg-rgb.jpg", saved(photo, "JPEG", keep_rgb=True))
put("lossy-jpeg-rgb-bare.jpg", strip_app(saved(photo, "JPEG", keep_rgb=True), 0xEE, 0xE0))
put("lossy-jpeg-adobe-ycc.jpg", with_segment(strip_app(saved(photo, "JPEG"), 0xE0), 0xEE, b"Adobe\0\x64\0\0\0\0\x01"))
put("lossy-jpeg-adobe-rgb.jpg", with_segment(strip_app(saved(photo, "JPEG"), 0xE0), 0xEE, b"Adobe\0\x64\0\0\0\0\x00"))
put("lossy-jpeg-adobe-7.jpg", with_segment(strip_app(saved(photo, "JPEG"), 0xE0), 0xEE, b"Adobe\0\x64\0\0\0\0\x07"))
put("lossy-jpeg-jfif-and-adobe-rgb.jpg", with_segment(saved(photo, "JPEG"), 0xEE, b"Adobe\0\x64\0\0\0\0\x00"))
put("lossy-jpeg-profile.jpg", saved(photo, "JPEG", icc_profile=icc))
put("lossy-jpeg-bad-profile.jpg", with_segment(saved(photo, "JPEG"), 0xE2, b"ICC_PROFILE\0\x01\x01not a profile"))
put("lossy-jpeg-grey-rgb-profile.jpg", saved(photo.convert("L"), "JPEG", icc_profile=icc))
put("lossy-jpeg-bad-jfif.jpg", with_segment(strip_app(saved(photo, "JPEG"), 0xE0), 0xE0, b"JFIF\0\x09"))
put("lossy-jpeg-odd-app.jpg", with_segment(with_segment(saved(photo, "JPEG"), 0xE0, b"JFXX\0\x10junk"), 0xED, b"Photoshop 3.0\0xx"))
put("lossy-jpeg-cmyk.jpg", saved(cmyk, "JPEG", quality=95))
put("lossy-jpeg-cmyk-bare.jpg", strip_app(saved(cmyk, "JPEG", quality=95), 0xEE))
plain = saved(cmyk, "JPEG", quality=95)
put("lossy-jpeg-ycck.jpg", with_segment(strip_app(plain, 0xEE), 0xEE, b"Adobe\0\x64\0\0\0\0\x02"))
for orientation in range(1, 9):
    endian = "II" if orientation % 2 else "MM"
    put(f"lossy-jpeg-exif{orientation}.jpg", with_segment(saved(photo, "JPEG"), 0xE1, b"Exif\0\0" + exif(orientation, endian)))
put("lossy-jpeg-exif9.jpg", with_segment(saved(photo, "JPEG"), 0xE1, b"Exif\0\0" + exif(9)))
put("lossy-jpeg-exif-cut.jpg", with_segment(saved(photo, "JPEG"), 0xE1, b"Exif\0\0II*\0\x08\0\0\0\x05\0"))
xmp = b'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/" tiff:Orientation="6"></x:xmpmeta>'
put("lossy-jpeg-xmp6.jpg", with_segment(saved(photo, "JPEG"), 0xE1, xmp))
def sampled(data, components):
    """With other sampling factors in the frame header; the coded blocks stay, so the picture is jumbled but valid."""
    data = bytearray(data)
    frame = data.index(b"\xff\xc0")
    for i, factors in components.items():
        data[frame + 11 + 3 * i] = factors
    return bytes(data)


square = Image.fromarray(noise(32, 32, 3))
for name, subsampling, factors in (("440", "4:2:2", 0x12), ("411", "4:2:0", 0x41), ("410", "4:2:0", 0x14)):
    put(f"lossy-jpeg-{name}.jpg", sampled(saved(square, "JPEG", subsampling=subsampling), {0: factors}))
odd = bytearray(sampled(saved(square, "JPEG", subsampling="4:2:2"), {0: 0x12}))
odd[odd.index(b"\xff\xc0") + 6] = 27
put("lossy-jpeg-440-odd.jpg", bytes(odd))
put("lossy-jpeg-grey-sampled.jpg", sampled(saved(square.convert("L"), "JPEG"), {0: 0x22}))
bare = bytearray(strip_app(saved(photo, "JPEG"), 0xE0))
for i in range(3):
    at = bare.index(b"\xff\xc0") + 10 + 3 * i
    scan = bare.index(b"\xff\xda") + 5 + 2 * i
    bare[at] = bare[scan] = i
put("lossy-jpeg-names-from-0.jpg", bytes(bare))
for w, h in ((1, 1), (1, 9), (17, 1), (8, 8), (16, 16), (15, 17)):
    put(f"lossy-jpeg-{w}x{h}.jpg", saved(Image.fromarray(smooth(w, h)), "JPEG", quality=80))
put("lossy-jpeg-low-quality.jpg", saved(photo, "JPEG", quality=5))
put("lossy-jpeg-tail.jpg", saved(photo, "JPEG") + b"trailing bytes \xff\xd8\xff")
put("lossy-jpeg-fill-bytes.jpg", saved(photo, "JPEG").replace(b"\xff\xdb", b"\xff\xff\xff\xdb", 1))
put("bad-jpeg-cut.jpg", saved(photo, "JPEG", quality=90)[:-400])
put("bad-jpeg-no-end.jpg", saved(photo, "JPEG", quality=90)[:-2])
put("bad-jpeg-head.jpg", saved(photo, "JPEG", quality=90)[:120])
put("bad-jpeg-12bit.jpg", saved(photo, "JPEG").replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c", 1))
put("bad-jpeg-arithmetic.jpg", saved(photo, "JPEG").replace(b"\xff\xc0", b"\xff\xc9", 1))
put("bad-jpeg-no-tables.jpg", strip_app(saved(photo, "JPEG"), 0xC4))
put("bad-empty.png", b"")
put("bad-text.txt", b"This is not an image.\n")
put("unread-webp.webp", saved(photo, "WEBP"))

open(f"{out}/expected.tsv", "w").write("".join(line + "\n" for line in expected))
