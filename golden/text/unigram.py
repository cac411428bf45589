"""What the references make of awkward text with the Unigram tokenizer of lasr-a.

usage: unigram.py GOLDEN OUT [COUNT]       (Python 3.11; tokenizers 0.23.2, sentencepiece 0.2.2, protobuf 7)

Each line: a text, its ids by tokenizer.json ("ids") and what these decode to ("decoded", "shown"), its ids by the same
file with the character table of tokenizer.model as normaliser ("replaced") and with Metaspace alone ("marks"), and its
ids by SentencePiece with tokenizer.model ("pieces").
"""
import base64, json, random, sys

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as pb
from tokenizers import Tokenizer

folder, out = sys.argv[1] + "/lasr-a/", sys.argv[2]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 200
rng = random.Random(20261125)
source = json.load(open(folder + "tokenizer.json", encoding="utf-8"))
model = pb.ModelProto()
model.ParseFromString(open(folder + "tokenizer.model", "rb").read())
table = base64.b64encode(model.normalizer_spec.precompiled_charsmap).decode()


def variant(**parts):
    return Tokenizer.from_str(json.dumps(source | parts))


plain = variant()
replaced = variant(normalizer={"type": "Precompiled", "precompiled_charsmap": table})
marks = variant(pre_tokenizer=source["pre_tokenizer"]["pretokenizers"][1])
pieces = sentencepiece.SentencePieceProcessor(model_proto=model.SerializeToString())
vocab = [p for p, _ in source["model"]["vocab"]]
words = ["normal", "effusion", "the", "CT", "54-year-old", "chest", "{period}", "{comma}", "{new paragraph}", "[FINDINGS]"]
odd = list("ÄñöüαЖ中日ﬁ①½Ⅳ™…–“’·°µ² \t\n\u3000\u200b\u00a0\u2009\u0300\u0301\u0308\u1f3a\u0085\u001c각\u00ad\ufeff▁\ufffd\0") + [
    "e\u0301", "ｆｕｌ", "👩\u200d👩\u200d👧", "🇩🇪", "</s>", "<s>", "<unk>", "<epsilon>", "  ", "   "]


def word():
    kind = rng.random()
    if kind < 0.4:
        return rng.choice(words)
    if kind < 0.6:
        return rng.choice(vocab).replace("▁", rng.choice(["", " ", "▁"]))
    if kind < 0.75:
        return "".join(chr(rng.randrange(33, 127)) for _ in range(rng.randint(1, 8)))
    if kind < 0.9:
        return "".join(rng.choice(odd) for _ in range(rng.randint(1, 5)))
    return rng.choice(words) + rng.choice(odd) + rng.choice(vocab)


def text():
    between = rng.choice([" ", " ", " ", "", "  "])
    return rng.choice(["", "", " "]) + between.join(word() for _ in range(rng.randint(0, 9))) + rng.choice(["", "", " "])


def ids(tokenizer, said):
    return tokenizer.encode(said, add_special_tokens=False).ids


with open(out + "/unigram.jsonl", "w") as f:
    for said in ["", " ", "  a", "▁", "a ▁b▁ "] + [text() for _ in range(count)]:
        got = ids(plain, said)
        line = {"text": said, "ids": got, "decoded": plain.decode(got, skip_special_tokens=False),
                "shown": plain.decode(got, skip_special_tokens=True), "replaced": ids(replaced, said),
                "marks": ids(marks, said)}
        # control tokens in a text are text to SentencePiece, tokens to Konsil
        if "<" not in said:
            line["pieces"] = pieces.encode(said)
        f.write(json.dumps(line, separators=(",", ":")) + "\n")
