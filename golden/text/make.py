"""What the reference makes of awkward text: tokens, decoded tokens, rendered conversations.

usage: make.py GOLDEN TOKENIZER_CONFIG OUT
  GOLDEN            the folder golden/ of this project: gemma3-a/tokenizer.json is the tokenizer that is asked
  TOKENIZER_CONFIG  tokenizer_config.json of any published Gemma 3 or MedGemma checkpoint, for its chat template
(Python 3.11; tokenizers 0.23.2, transformers 5.18.0, sentencepiece 0.2.2, protobuf 7)

gemma3-a.jsonl  texts with their ids and what these decode to, with special tokens and without
ids.jsonl       lists of ids, most of which no text has, and what they decode to
variants.json   the same tokenizer with parts of its file replaced, and what it then makes of some texts
NAME.model      small SentencePiece models trained on the texts of gemma3-a.jsonl; NAME.jsonl, what they make of texts
chat.json       conversations, and what the chat template makes of them, with and without the start of an answer
"""
import json
import random
import sys
import tempfile

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as pb
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

golden, config, out = sys.argv[1:4]
rng = random.Random(20261122)
source = open(golden + "/gemma3-a/tokenizer.json", encoding="utf-8").read()
reference = Tokenizer.from_str(source)
parts = json.loads(source)
added = [a["content"] for a in parts["added_tokens"]]
special = [a["id"] for a in parts["added_tokens"] if a["special"]]
vocab = list(parts["model"]["vocab"])
sentences = [
    "Heart size is normal. No focal consolidation, effusion or pneumothorax.",
    "3 mm nodule in the left upper lobe (series 4, image 73); compare with 12/03/2024.",
    "Hb 13.2 g/dL, CRP < 5 mg/L, SpO2 88% RA, T 40.4°C",
    "Größe, naïve, Ödem; µg, ≥ 3 cm; Δ = 0.5",
    "血圧 120/80, 右肺下葉に浸潤影, тень в лёгком, الرئة اليمنى",
    "if x > 3 :\n\treturn  x**2  # ok\n",
]
emoji = ["\U0001fac0", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f1e9\U0001f1ea", "\u2764\ufe0f", "\U0001fa7b"]


def character():
    code = [
        lambda: rng.randrange(0x20, 0x7F),
        lambda: rng.randrange(0x20, 0x7F),
        lambda: rng.randrange(0x80, 0x800),
        lambda: rng.randrange(0x800, 0x10000),
        lambda: rng.randrange(0x10000, 0x110000),
        lambda: rng.choice([0x2581, 0x20, 0x0A, 0x09, 0x0D, 0x3E, 0x3C, 0xA0, 0x200B, 0xFEFF, 0x00, 0xFFFD, 0x85, 0x2028]),
    ][rng.randrange(6)]()
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


def piece():
    return [
        lambda: rng.choice(added),
        lambda: rng.choice(added)[:-1],
        lambda: "\n" * rng.randrange(1, 41),
        lambda: " " * rng.randrange(1, 40),
        lambda: "\t" * rng.randrange(1, 12),
        lambda: "\u2581" * rng.randrange(1, 12),
        lambda: rng.choice(emoji),
        lambda: "".join(character() for _ in range(rng.randrange(1, 10))),
        lambda: rng.choice(vocab)[:40],
        lambda: " " + rng.choice(vocab)[:40],
        lambda: "<0x%02X>" % rng.randrange(256),
        lambda: "".join(rng.choice("ers\u2581 >\n<i") for _ in range(rng.randrange(1, 20))),
        lambda: words(),
        lambda: words(),
    ][rng.randrange(14)]()


def words():
    sentence = rng.choice(sentences)
    start = rng.randrange(len(sentence))
    return sentence[start : start + rng.randrange(1, 40)]


def text():
    return "".join(piece() for _ in range(rng.randrange(1, 6)))


def answer(tokenizer, words):
    ids = tokenizer.encode(words, add_special_tokens=False).ids
    return {"text": words, "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=False),
            "shown": tokenizer.decode(ids, skip_special_tokens=True)}


def lines(name, items):
    with open(out + "/" + name, "w") as f:
        for item in items:
            f.write(json.dumps(item, separators=(",", ":")) + "\n")


texts = ["", " ", "  a", "a ", "\u2581a b"] + sentences + [text() for _ in range(500)]
lines("gemma3-a.jsonl", [answer(reference, t) for t in texts])

bytes_ = [reference.token_to_id("<0x%02X>" % b) for b in range(256)]


def id_list():
    ids = []
    for _ in range(rng.randrange(1, 16)):
        ids += [
            lambda: [rng.randrange(len(vocab))],
            lambda: [bytes_[b] for b in character().encode()],
            lambda: [rng.choice(bytes_)],
            lambda: [rng.choice(special)],
            lambda: [bytes_[b] for b in rng.choice(emoji).encode()][: rng.randrange(1, 9)],
        ][rng.randrange(5)]()
    return ids


lines("ids.jsonl", [{"ids": ids, "decoded": reference.decode(ids, skip_special_tokens=False),
                     "shown": reference.decode(ids, skip_special_tokens=True)} for ids in [id_list() for _ in range(250)]])

# Variants: each a list of replacements in the text of tokenizer.json.
no_bytes = ['"byte_fallback": true', '"byte_fallback": false']
no_fuse = ['"fuse_unk": true', '"fuse_unk": false']
no_unknown = ['"unk_token": "<unk>"', '"unk_token": null']
no_space_mark = [json.dumps(parts["normalizer"], indent=2, ensure_ascii=False).replace("\n", "\n  "), "null"]
no_pre_tokenizer = [json.dumps(parts["pre_tokenizer"], indent=2).replace("\n", "\n  "), "null"]
lost_bytes = ['"<0xE2>"', '"<lost 1>"'], ['"<0xC3>"', '"<lost 2>"']
more = []
for content, normalized in (("er a", True), ("\u2581s", True), ("s\u2581\u2581", False), ("i s", False), ("<\u2581>", True)):
    known = reference.token_to_id(content)
    unknown = sum(a["id"] >= len(vocab) for a in more)
    more.append({"id": len(vocab) + unknown if known is None else known, "content": content, "single_word": False,
                 "lstrip": False, "rstrip": False, "normalized": normalized, "special": False})
more = ['"added_tokens": [', '"added_tokens": [' + json.dumps(more, ensure_ascii=False)[1:-1] + ", "]
variants = {
    "no bytes": [no_bytes],
    "no bytes, unknown one by one": [no_bytes, no_fuse],
    "no bytes, no unknown": [no_bytes, no_unknown],
    "some bytes": [*lost_bytes],
    "some bytes, unknown one by one": [*lost_bytes, no_fuse],
    "some bytes, no unknown": [*lost_bytes, no_unknown],
    "spaces as they are": [no_space_mark, no_pre_tokenizer],
    "no pre-tokenizer": [no_pre_tokenizer],
    "tokens added after normalising": [more],
}
answers = []
for name, replacements in variants.items():
    varied = source
    for before, after in replacements:
        assert varied.count(before) >= 1, (name, before)
        varied = varied.replace(before, after)
    tokenizer = Tokenizer.from_str(varied)
    answers.append({"name": name, "replace": replacements,
                    "cases": [answer(tokenizer, t) for t in ["er a s  i s is\u2581er\u2581a < >< ><\u2581>", *sentences, *[text()[:60] for _ in range(40)]]]})
json.dump(answers, open(out + "/variants.json", "w"), indent=0, separators=(",", ":"))

# SentencePiece.
with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as corpus:
    corpus.write("\n".join(t.replace("\n", " ") for t in sentences * 20 + texts if "\0" not in t))
    corpus.flush()
    common = dict(input=corpus.name, model_type="bpe", normalization_rule_name="identity", add_dummy_prefix=False,
                  remove_extra_whitespaces=False, hard_vocab_limit=False, minloglevel=2, control_symbols=["<start_of_turn>"])
    sentencepiece.SentencePieceTrainer.train(
        model_prefix=out + "/bytes", vocab_size=700, character_coverage=0.98, byte_fallback=True,
        user_defined_symbols=["\n", "\n\n", "\u2581\u2581", "\u2581\u2581\u2581", "<b>"], **common)
    sentencepiece.SentencePieceTrainer.train(
        model_prefix=out + "/unknown", vocab_size=300, character_coverage=0.98, byte_fallback=False,
        split_by_whitespace=False, **common)
# A model whose pieces have characters that are no pieces themselves.
holes = pb.ModelProto()
holes.ParseFromString(open(out + "/bytes.model", "rb").read())
kept = [p for p in holes.pieces if p.piece not in ("a", "n", "\u00f6", ".")]
del holes.pieces[:]
holes.pieces.extend(kept)
open(out + "/holes.model", "wb").write(holes.SerializeToString())
for name in ("bytes", "unknown", "holes"):
    model = sentencepiece.SentencePieceProcessor(model_file=out + "/" + name + ".model")
    plain = [t for t in texts if not any(c in t for c in ("<s>", "</s>", "<unk>", "<start_of_turn>"))]
    lines(name + ".jsonl", [{"text": t, "ids": model.encode(t)} for t in plain[::2]])

# Conversations.
chat = PreTrainedTokenizerFast(tokenizer_object=reference, bos_token="<bos>", eos_token="<eos>")
chat.chat_template = json.load(open(config))["chat_template"]
spaces = [chr(c) for c in range(0x3100) if chr(c).isspace()] + ["\u200b", "\ufeff", "\u180e", "\u2060", "\0"]


def said():
    edge = lambda: "".join(rng.choice(spaces) for _ in range(rng.randrange(4)))
    return edge() + rng.choice(["", "x", words(), "a\n b", "<end_of_turn>", "{{ x }}", "\u00e9 " + rng.choice(emoji)]) + edge()


def content():
    if rng.randrange(3) == 0:
        return said()
    return [{"type": "image"} if rng.randrange(3) == 0 else {"type": "text", "text": said()} for _ in range(rng.randrange(5))]


def conversation():
    roles = ["system"] if rng.randrange(3) == 0 else []
    roles += ["user" if i % 2 == 0 else "assistant" for i in range(rng.randrange(6))]
    if rng.randrange(4) == 0:
        roles.insert(rng.randrange(len(roles) + 1), rng.choice(["user", "assistant", "system", "model", "tool", "User"]))
    return [{"role": role, "content": content()} for role in roles]


def rendered(messages, prompt):
    try:
        return chat.apply_chat_template(messages, tokenize=False, add_generation_prompt=prompt)
    except Exception:
        return None


conversations = [[], *[conversation() for _ in range(150)]]
json.dump([{"messages": m, "prompt": rendered(m, True), "transcript": rendered(m, False)} for m in conversations],
          open(out + "/chat.json", "w"), indent=0, separators=(",", ":"))
