"""Small n-gram models, what they give to sentences, and what a beam search with them finds.

usage: make.py OUT
(Python 3.11, numpy 2; seed below)

Neither kenlm nor pyctcdecode could be installed where these files were made. What stands for them here are two plain
readings of their published behaviour, written for this folder: a scorer straight from the definition of back-off, a
writer of KenLM's "probing" binaries, and the search of pyctcdecode with texts as strings. They share no code with
Konsil and follow the definitions rather than any data structure.

NAME.arpa       the model as text;  NAME.arpa.gz, NAME.arpa.xz  for one of them
NAME.kenlm      the same as a KenLM binary, "probing"
NAME.trie, NAME.qtrie, NAME.atrie, NAME.qatrie  the same as KenLM's tries: plain, quantised, with arrays of pointers, both
scores.jsonl    sentences with the log10 of every word and of </s>
quantised.jsonl the same with the probabilities and weights of the quantised tries
decode.jsonl    emissions and the beams found in them
"""
import gzip
import json
import lzma
import math
import random
import struct
import sys

import numpy as np

out = sys.argv[1]
rng = random.Random(20261125)
f32 = np.float32
MASK = (1 << 64) - 1

PIECES = ["<epsilon>", "<s>", "</s>", "<unk>", "\u2581no", "\u2581effusion", "\u2581pleural", "s", "ation", "\u2581consolid",
          "\u2581the", ".", "\u2581Lungs", "\u00e4", "\u2581unfamiliar", "t"]
WORDS = [p.replace("\u2581", "#") for p in PIECES[4:14]] + ["#never", "said"]  # two pieces are unknown, two words no pieces


def corpus(lines):
    follows = {w: rng.sample(WORDS, 4) for w in ["<s>"] + WORDS}
    for _ in range(lines):
        words, w = [], "<s>"
        for _ in range(rng.randrange(2, 12)):
            w = rng.choice(follows[w]) if rng.random() < 0.85 else rng.choice(WORDS)
            words.append(w)
        yield ["<s>"] + words + ["</s>"]


def train(order, lines, unknown):
    """Absolute discounting: p = (c - d) / c(h), the rest by back-off; 5 significant decimals, as tools print them."""
    counts = [{} for _ in range(order + 1)]
    for sentence in corpus(lines):
        for n in range(1, order + 1):
            for i in range(len(sentence) - n + 1):
                g = tuple(sentence[i:i + n])
                counts[n][g] = counts[n].get(g, 0) + 1
    model = [{} for _ in range(order + 1)]
    total = sum(c for (w,), c in counts[1].items() if w != "<s>")
    for (w,), c in sorted(counts[1].items()):
        model[1][(w,)] = [-99.0 if w == "<s>" else math.log10((c - 0.5) / total), None]
    if unknown:
        model[1][("<unk>",)] = [math.log10(0.5 * len(counts[1]) / total), None]
    for n in range(2, order + 1):
        for h in sorted({g[:-1] for g in counts[n]}):
            grams = {g: c for g, c in counts[n].items() if g[:-1] == h}
            seen = sum(grams.values())
            left = 0.5 * len(grams) / seen
            lower = sum(10 ** score(model, n - 1, g[1:-1], g[-1]) for g in grams)
            for g, c in sorted(grams.items()):
                model[n][g] = [math.log10((c - 0.5) / seen), None]
            model[n - 1][h][1] = math.log10(left / max(1e-9, 1 - lower))
    for n in range(1, order + 1):
        for g, (p, b) in model[n].items():
            model[n][g] = [f32("%.5f" % p), None if b is None else f32("%.5f" % b)]
    return model


def score(model, order, history, word):
    """P(w|h) = p(hw) if it is there, else bo(h) P(w|h shortened); f32, the longest context's weight added last."""
    history = tuple(history)[max(0, len(history) - order + 1):]
    if history + (word,) in model[len(history) + 1]:
        return model[len(history) + 1][history + (word,)][0]
    if not history:
        return model[1][("<unk>",)][0] if ("<unk>",) in model[1] else f32(-100)
    backoff = model[len(history)].get(history, [0, None])[1]
    return f32(score(model, order, history[1:], word) + (f32(0) if backoff is None else backoff))


def prune(model):
    """Takes out 2-grams that longer ones end with, as some tools do, and some of the longest."""
    order = len(model) - 1
    contexts = {g[:-1] for n in range(2, order + 1) for g in model[n]}
    for g in sorted(model[2]):
        if g not in contexts and rng.random() < 0.3:
            del model[2][g]
    for g in sorted(model[order]):
        if rng.random() < 0.2:
            del model[order][g]


def arpa(model):
    lines = ["", "\\data\\"] + ["ngram %d=%d" % (n, len(model[n])) for n in range(1, len(model))] + [""]
    for n in range(1, len(model)):
        lines.append("\\%d-grams:" % n)
        for g, (p, b) in model[n].items():
            lines.append("%.5f\t%s" % (p, " ".join(g)) + ("" if b is None or n == len(model) - 1 else "\t%.5f" % b))
        lines.append("")
    return "\n".join(lines + ["\\end\\", ""])


def murmur(data):
    m, h = 0xC6A4A7935BD1E995, (len(data) * 0xC6A4A7935BD1E995) & MASK
    for i in range(0, len(data) // 8 * 8, 8):
        k = int.from_bytes(data[i:i + 8], "little") * m & MASK
        k = (k ^ k >> 47) * m & MASK
        h = (h ^ k) * m & MASK
    tail = data[len(data) // 8 * 8:]
    if tail:
        h = (h ^ int.from_bytes(tail, "little")) * m & MASK
    h = (h ^ h >> 47) * m & MASK
    return h ^ h >> 47


def table(entries, size, fmt, multiplier, used=None):
    """Linear probing; entries are packed as (key, ...)."""
    places = max(size + 1, int(f32(multiplier) * f32(size)))
    slots = [None] * places
    for e in entries:
        at = e[0] % places
        while slots[at] is not None:
            at = (at + 1) % places
        slots[at] = e
    empty = b"\0" * struct.calcsize(fmt)
    return b"".join(empty if e is None else struct.pack(fmt, *e) for e in slots)


def completed(model):
    """With <unk>, and with blanks: what is missing between a long n-gram and what it ends with."""
    order = len(model) - 1
    full = [dict(m) for m in model]
    if ("<unk>",) not in full[1]:
        full[1][("<unk>",)] = [f32(-100), None]
    for n in range(3, order + 1):
        for g in list(full[n]):
            for k in range(2, n):
                if g[n - k:] not in full[k]:
                    full[k][g[n - k:]] = [score(model, order, g[n - k:-1], g[-1]), None]
    return full


def header(order, kind, multiplier, words, version, counts):
    data = b"mmap lm http://kheafield.com/code format version 5\n\0".ljust(56, b"\0")
    data += struct.pack("<fffIIIQ", 0.0, 1.0, -0.5, 1, 0xFFFFFFFF, 0, 1)
    data += struct.pack("<B3xfiB3xI", order, multiplier, kind, words, version)
    data += struct.pack("<%dQ" % order, *counts)
    return data + b"\0" * (-len(data) % 8)


def stored_backoff(b, goes_on):
    return float(b) if b is not None and b != 0 else (0.0 if goes_on else -0.0)


def kenlm(model, multiplier=1.5, words=True):
    order = len(model) - 1
    full = completed(model)
    names = ["<unk>"] + [w for (w,) in full[1] if w != "<unk>"]
    ids = {w: i for i, w in enumerate(names)}
    contexts = {g[:-1] for n in range(2, order + 1) for g in full[n]}
    lefts = {g[1:] for n in range(2, order + 1) for g in full[n]}

    def values(g, longest=False):
        p, b = full[len(g)][g]
        p = abs(float(p)) if g in lefts else -abs(float(p))
        if longest:
            return (p,)
        return (p, stored_backoff(b, g in contexts))

    def key(g):
        k = ids[g[-1]]
        for w in reversed(g[:-1]):
            k = (k * 8978948897894561157) & MASK ^ ((1 + ids[w]) * 17894857484156487943) & MASK
        return k

    counts = [len(m) for m in model[1:]]
    data = header(order, 0, multiplier, words, 0, counts)
    data += struct.pack("<II", 0, len(names))
    data += table([(murmur(w.encode()), ids[w]) for w in names[1:]], counts[0], "<QI", multiplier)
    data += b"".join(struct.pack("<ff", *values((w,))) for w in names)
    data += b"\0" * (8 * (counts[0] + 1 - len(names)))
    for n in range(2, order):
        data += table([(key(g),) + values(g) for g in full[n]], counts[n - 1], "<Qff", multiplier)
    data += table([(key(g),) + values(g, True) for g in full[order]], counts[-1], "<Qf", multiplier)
    return data + (b"".join(w.encode() + b"\0" for w in names) if words else b"")


class Bits:
    """Numbers of any width one behind the other, the lowest bit first."""

    def __init__(self):
        self.value, self.width = 0, 0

    def put(self, value, width):
        assert 0 <= value < 1 << width or value == width == 0
        self.value |= value << self.width
        self.width += width

    def bytes(self, size):
        return self.value.to_bytes(size, "little")


def bins(values, count):
    """Centres of as many equal shares of the sorted values."""
    values, centres = sorted(values), []
    for i in range(count):
        share = values[len(values) * i // count:len(values) * (i + 1) // count]
        centres.append(f32(sum(map(float, share)) / len(share)) if share else centres[-1] if centres else f32(-math.inf))
    return centres


def nearest(centres, value):
    return min(range(len(centres)), key=lambda i: abs(float(centres[i]) - float(value)))


def quantiser(full, prob_bits, backoff_bits):
    """For each length from 2 on: centres of the probabilities and, but for the longest, of the weights."""
    tables = []
    for n in range(2, len(full)):
        probs = bins([p for p, _ in full[n].values()], 1 << prob_bits)
        backoffs = [f32(-0.0), f32(0.0)]
        if n < len(full) - 1:
            backoffs += bins([b for _, b in full[n].values() if b is not None and b != 0], (1 << backoff_bits) - 2)
        tables.append((probs, backoffs))
    return tables


def quantised(full, tables):
    result = full[:2]
    for n in range(2, len(full)):
        probs, backoffs = tables[n - 2]
        result.append({g: [probs[nearest(probs, p)], b if b is None or b == 0 else backoffs[2 + nearest(backoffs[2:], b)]]
                       for g, (p, b) in full[n].items()})
    return result


def chopped(entries, most_next, limit):
    """How many high bits of a pointer are left to the array: the cheapest."""
    required = most_next.bit_length()
    cost = [(most_next >> (required - chop)) * 64 - entries * chop for chop in range(min(required, limit) + 1)]
    return cost.index(min(cost))


def trie(model, quant=None, array_bits=None, words=True):
    """quant: bits of probabilities and weights; array_bits: at most so many bits of a pointer in the array."""
    order, full = len(model) - 1, completed(model)
    names = sorted((w for (w,) in full[1] if w != "<unk>"), key=lambda w: murmur(w.encode()))
    ids = {w: i + 1 for i, w in enumerate(names)}
    ids["<unk>"] = 0
    contexts = {g[:-1] for n in range(2, order + 1) for g in full[n]}
    levels = [sorted(full[n], key=lambda g: [ids[w] for w in reversed(g)]) for n in range(1, order + 1)]
    counts = [len(level) for level in levels]
    kind = 2 + (1 if quant else 0) + (2 if array_bits is not None else 0)
    data = header(order, kind, 1.5, words, 1, counts)
    data += struct.pack("<Q", len(names)) + b"".join(struct.pack("<Q", murmur(w.encode())) for w in names)
    data += b"\0" * 8  # there is room for <unk>, too
    tables = quantiser(full, *quant) if quant else None
    if quant:
        data += struct.pack("<BBB5x", 2, *quant)
        for probs, backoffs in tables:
            data += np.array(probs, dtype=f32).tobytes()
            data += np.array(backoffs, dtype=f32).tobytes() if probs is not tables[-1][0] else b""

    def firsts(n):
        """For each n-gram, and behind the last, how many (n+1)-grams come before those that end with it."""
        ends = [g[1:] for g in levels[n]]
        at, result = 0, []
        for g in levels[n - 1]:
            result.append(at)
            while at < len(ends) and ends[at] == g:
                at += 1
        assert at == len(ends)
        return result + [at]

    for g, first in zip(levels[0], firsts(1)):
        p, b = full[1][g]
        data += struct.pack("<ffQ", float(p), stored_backoff(b, g in contexts), first)
    data += struct.pack("<ffQ", 0, 0, counts[1]) + b"\0" * 16
    word_bits = counts[0].bit_length()
    for n in range(2, order + 1):
        longest, pointers, inline = n == order, [], 0
        if not longest:
            pointers = firsts(n)
            inline = counts[n].bit_length()
            if array_bits is not None:
                inline -= chopped(counts[n - 1] + 1, counts[n], array_bits)
                array = [0]
                for i, first in enumerate(pointers):
                    while len(array) <= first >> inline:
                        array.append(i)
                begin = len(data)
                data += struct.pack("<BB", 0, array_bits).ljust(-begin % 8 + 8, b"\0")
                data += struct.pack("<%dQ" % len(array), *array)
                data += b"\0" * (begin + 8 * (1 + len(array)) + 7 - len(data))
        value_bits = (quant[0] + (0 if longest else quant[1])) if quant else (31 if longest else 63)
        out, total = Bits(), word_bits + value_bits + inline
        for i, g in enumerate(levels[n - 1]):
            p, b = full[n][g]
            b = stored_backoff(b, g in contexts)
            out.put(ids[g[0]], word_bits)
            if quant:
                probs, backoffs = tables[n - 2]
                if not longest:
                    zero = 1 if math.copysign(1, b) > 0 else 0
                    out.put(zero if b == 0 else 2 + nearest(backoffs[2:], b), quant[1])
                out.put(nearest(probs, p), quant[0])
            else:
                out.put(struct.unpack("<I", struct.pack("<f", float(p)))[0] & 0x7FFFFFFF, 31)
                if not longest:
                    out.put(struct.unpack("<I", struct.pack("<f", b))[0], 32)
            if not longest:
                out.put(pointers[i] & ((1 << inline) - 1), inline)
        if not longest:
            out.put(0, word_bits + value_bits)
            out.put(pointers[-1] & ((1 << inline) - 1), inline)
        data += out.bytes(((1 + counts[n - 1]) * total + 7) // 8 + 8)
    return data + (b"".join(w.encode() + b"\0" for w in ["<unk>"] + names) if words else b"")


# The search of pyctcdecode (decode_beams), for pieces as MedASR's notebook hands them over.
LN10 = 1 / math.log10(math.e)


class Lm:
    def __init__(self, model):
        self.model, self.order = model, len(model) - 1

    def score(self, history, word, last):
        known = word != "<unk>" and (word,) in self.model[1]
        w = word if known else "<unk>"
        s = float(score(self.model, self.order, history, w))
        if not known:
            s += -10.0
        if last:
            s += float(score(self.model, self.order, history + (w,), "</s>"))
        return 0.5 * s * LN10 + 1.5, history + (w,)

    @staticmethod
    def partial(word):
        return -10.0 * (len(word) / 6 if len(word) > 6 else 1)


def labels(pieces):
    out = [""]
    for p in pieces[1:]:
        out.append(p if p.startswith("<") or p.endswith(">") else "\u2581" + p.replace("\u2581", "#"))
    return ["\u2581\u2047\u2581" if p == "<unk>" else p for p in out]


def add(a, b):
    hi, lo = max(a, b), min(a, b)
    return hi + math.log(1 + math.exp(lo - hi))


def glue(text, word):
    return text + " " + word if text and word else text or word


def search(emissions, lm, width, prune_history):
    alphabet = labels(PIECES)
    known = {"": (0.0, ("<s>",))}
    beams = [("", "", "", None, [], (-1, -1), 0.0)]  # text, next word, part, last, frames, frames of the part, ctc
    broken = False

    def merge(many):
        found = {}
        for b in many:
            k = (glue(b[0], b[1]), b[2], b[3])
            found[k] = b if k not in found else found[k][:6] + (add(found[k][6], b[6]),)
        return list(found.values())

    def with_lm(many, last):
        scored = []
        for text, word, part, end, frames, part_frames, ctc in many:
            new = glue(text, word)
            total = ctc
            if lm:
                if new not in known:
                    value, history = lm.score(known[text][1], word, last)
                    known[new] = (known[text][0] + value, history)
                total += known[new][0] + (lm.partial(part) if part else 0)
            scored.append((new, "", part, end, frames, part_frames, ctc, total))
        best = max(b[7] for b in scored)
        scored = [b for b in scored if b[7] >= best - 10.0]
        return sorted(scored, key=lambda b: -b[7])[:width]

    for t, row in enumerate(emissions):
        row = np.clip(row, math.log(1e-15), 0)
        chosen = sorted(set(np.where(row >= -5.0)[0]) | {row.argmax()})
        new = []
        for token in chosen:
            p, piece = float(row[token]), alphabet[token]
            for text, word, part, end, frames, part_frames, ctc in beams:
                closed = frames + [part_frames] if part else frames
                if piece == "" or piece == end:
                    pf = part_frames if piece == "" else (part_frames[0], t + 1)
                    new.append((text, word, part, piece, frames, pf, ctc + p))
                elif piece.startswith("\u2581") or broken:
                    broken = False
                    clean = piece[1:] if piece.startswith("\u2581") else piece
                    if piece.endswith("\u2581"):
                        clean, broken = clean[:-1], True
                    new.append((text, part, clean, piece, closed, (t, t + 1), ctc + p))
                else:
                    pf = (t if part_frames[0] < 0 else part_frames[0], t + 1)
                    new.append((text, word, part + piece, piece, frames, pf, ctc + p))
        kept = with_lm(merge(new), False)
        if prune_history:
            seen, some = set(), []
            for b in kept:
                k = (tuple(b[0].split()[-max(1, (lm.order if lm else 1) - 1):]), b[2], b[3])
                if k not in seen:
                    seen.add(k)
                    some.append(b)
            kept = some
        beams = [b[:7] for b in kept]
    last = [(b[0], b[2], "", None, b[4] + [b[5]] if b[2] else b[4], (-1, -1), b[6]) for b in beams]
    result = []
    for text, _, _, _, frames, _, ctc, total in with_lm(merge(last), True):
        plain = text.replace(" ", "").replace("#", " ").replace("</s>", "").strip()
        result.append({"words": text.split(), "text": plain, "frames": frames[:len(text.split())], "ctc": ctc, "score": total})
    return result


def emissions(frames, sharp):
    """A random line of pieces, each for one to three frames with blanks between, and noise."""
    rows = np.zeros((frames, len(PIECES)))
    t = 0
    while t < frames:
        token = rng.choice([0, 0, 0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 2, 3, rng.randrange(len(PIECES))])
        for _ in range(rng.randrange(1, 4)):
            if t < frames:
                rows[t, token] += sharp
                t += 1
    rows += np.array([[rng.gauss(0, 1.5) for _ in PIECES] for _ in range(frames)])
    rows -= np.log(np.exp(rows).sum(axis=1, keepdims=True))
    return rows.astype(f32)


models = {"three": train(3, 60, True), "four": train(4, 40, False), "pruned": train(4, 60, True)}
prune(models["pruned"])
for name, model in models.items():
    text = arpa(model)
    open("%s/%s.arpa" % (out, name), "w", encoding="utf-8").write(text)
    open("%s/%s.kenlm" % (out, name), "wb").write(kenlm(model, words=name != "four"))
    if name == "pruned":
        open("%s/%s.arpa.gz" % (out, name), "wb").write(gzip.compress(text.encode(), mtime=0))
        open("%s/%s.arpa.xz" % (out, name), "wb").write(lzma.compress(text.encode()))
QUANT = {"three": (5, 4), "four": (3, 7), "pruned": (8, 2)}
for name, model in models.items():
    words = name != "four"
    open("%s/%s.trie" % (out, name), "wb").write(trie(model, words=words))
    open("%s/%s.qtrie" % (out, name), "wb").write(trie(model, quant=QUANT[name], words=words))
    open("%s/%s.atrie" % (out, name), "wb").write(trie(model, array_bits=22, words=words))
    open("%s/%s.qatrie" % (out, name), "wb").write(trie(model, quant=QUANT[name], array_bits=3, words=words))
lines = []
with open(out + "/scores.jsonl", "w", encoding="utf-8") as file:
    for name, model in models.items():
        full = completed(model)
        rounded = quantised(full, quantiser(full, *QUANT[name]))
        for i, sentence in enumerate(corpus(40)):
            words = sentence[1:-1]
            if i % 3 == 0:
                words.insert(rng.randrange(len(words)), rng.choice(["#strange", "<unk>", "\u8840"]))
            said, log10, coarse = ["<s>"], [], []
            for w in words + ["</s>"]:
                w = w if (w,) in model[1] else "<unk>"
                log10.append(float(score(model, len(model) - 1, said, w)))
                coarse.append(float(score(rounded, len(model) - 1, said, w)))
                said.append(w)
            file.write(json.dumps({"model": name, "words": words, "log10": log10}, ensure_ascii=False) + "\n")
            lines.append(json.dumps({"model": name, "words": words, "log10": coarse}, ensure_ascii=False) + "\n")
open(out + "/quantised.jsonl", "w", encoding="utf-8").write("".join(lines))
with open(out + "/decode.jsonl", "w", encoding="utf-8") as file:
    for i in range(24):
        rows = emissions(rng.randrange(1, 30), rng.choice([2, 4, 6]))
        name, width, history = [None, "three", "four", "pruned"][i % 4], [8, 3, 25][i % 3], i % 5 == 0
        beams = search(rows, Lm(models[name]) if name else None, width, history)
        case = {"model": name or "", "width": width, "prune_history": history, "frames": len(rows),
                "emissions": [round(float(x), 4) for x in rows.flatten()], "beams": None}
        rows = np.array(case["emissions"], dtype=f32).reshape(rows.shape)
        case["beams"] = search(rows, Lm(models[name]) if name else None, width, history)[:5]
        file.write(json.dumps(case, ensure_ascii=False) + "\n")
open(out + "/pieces.txt", "w", encoding="utf-8").write("\n".join(PIECES) + "\n")
