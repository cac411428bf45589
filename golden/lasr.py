"""A small random LASR (MedASR) checkpoint of unusual shape and what transformers computes for it.

usage: lasr.py FOLDER          (torch 2.13.0, transformers 5.18.0, tokenizers, safetensors; Python 3.11)

lasr-b  an odd convolution kernel, biases everywhere, other residual weights, another rotary base, a subsampling kernel of
        3, sizes that divide nothing; config.json with all else left to the defaults of the classes

The sound is made of square waves, in whole numbers, so that a test can make the same samples (TestSound.java). "whole" in
cases.json is the argmax of a clip in one piece, "chunked" what AutomaticSpeechRecognitionPipeline keeps of it in chunks.
"""
import json, sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import (AutomaticSpeechRecognitionPipeline, LasrCTCConfig, LasrFeatureExtractor, LasrForCTC,
                          LasrProcessor, LasrTokenizer)

RATE = 16000
PIECES = ["<epsilon>", "<s>", "</s>", "<unk>", "▁", *"abcdefghijklmnopqrstuvwxyz", "▁the", "▁of", "▁lung", "ing", "er",
          "al", "▁no", "ous", "ia", "pneum", "{", "}", "▁{", "period", "comma", "ost", "ion", "▁h", "eart", "is", "7"]


def sound(seed, count):
    """Tenths of a second of three square waves each, whole numbers over 32768."""
    state, out = seed, np.zeros(count, np.float32)
    for start in range(0, count, RATE // 10):
        at = np.arange(start, min(count, start + RATE // 10))
        value = np.zeros(len(at), np.int64)
        for _ in range(3):
            state = (state * 1103515245 + 12345) % 2**31
            half, loud = 2 + (state >> 16) % 60, (state >> 8) % 4000
            value += np.where(at // half % 2 == 0, loud, -loud)
        out[start:start + len(at)] = value / 32768
    return out


def checkpoint(folder, seed):
    config = LasrCTCConfig(vocab_size=len(PIECES), pad_token_id=0, encoder_config=dict(
        hidden_size=48, num_hidden_layers=2, num_attention_heads=3, intermediate_size=80, conv_kernel_size=7,
        subsampling_conv_channels=20, subsampling_conv_kernel_size=3, attention_bias=True, convolution_bias=True,
        feed_forward_residual_weights=[1.25, 0.75], conv_residual_weights=[1.5, 0.8], layer_norm_eps=1e-5,
        rope_parameters=dict(rope_type="default", rope_theta=5000.0)))
    model = LasrForCTC(config).eval()
    source = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=source)
            if weight.dim() == 1:
                weight.copy_((1 if name.endswith("weight") else 0) + 0.25 * noise)
            else:
                weight.copy_(1.5 * noise / weight[0].numel() ** 0.5)
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer.copy_(0.3 * torch.randn(buffer.shape, generator=source))
            if name.endswith("running_var"):
                buffer.copy_(0.5 + torch.rand(buffer.shape, generator=source))
        model.ctc_head.weight.mul_(3)
    vocab = [(piece, 0.0 if i < 4 else -2.0 - 0.125 * (i % 29)) for i, piece in enumerate(PIECES)]
    tokenizer = LasrTokenizer(vocab=vocab, pad_token="<epsilon>", extra_ids=0, additional_special_tokens=[])
    processor = LasrProcessor(feature_extractor=LasrFeatureExtractor(), tokenizer=tokenizer)
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    LasrFeatureExtractor().save_pretrained(folder)
    for extra in ("generation_config.json", "tokenizer_config.json"):
        (folder / extra).unlink(missing_ok=True)
    sparse(folder / "config.json")
    return model, processor


def sparse(path):
    """Leaves out what has the value of the class."""
    def without(values, defaults):
        return {k: v for k, v in values.items() if k == "model_type" or json.loads(json.dumps(defaults.get(k))) != v}
    got, plain = json.loads(path.read_text()), LasrCTCConfig().to_dict()
    got["encoder_config"] = without(got["encoder_config"], plain.pop("encoder_config"))
    path.write_text(json.dumps(without(got, plain), indent=1))


def values(model, processor, samples):
    inputs = processor.feature_extractor([samples], sampling_rate=RATE, return_tensors="pt", return_attention_mask=True)
    with torch.no_grad():
        encoder = model.encoder(**inputs).last_hidden_state
        logits = model(**inputs).logits
    return {"features": inputs["input_features"][0], "encoder": encoder[0], "logits": logits[0]}


def main():
    folder = Path(sys.argv[1])
    (folder / "cases").mkdir(parents=True, exist_ok=True)
    model, processor = checkpoint(folder, 23)
    pipeline = AutomaticSpeechRecognitionPipeline(model=model, tokenizer=processor.tokenizer,
                                                  feature_extractor=processor.feature_extractor)
    cases = []
    for name, seed, count, chunk, stride in (("second", 5, 17_003, 0, 0), ("least", 6, 1_360, 0, 0),
                                             ("chunked", 7, 438_000, 10, 1), ("tail", 8, 200_500, 4, 0.6)):
        samples = sound(seed, count)
        found = values(model, processor, samples)
        ids = found["logits"].argmax(-1).tolist()
        case = dict(name=name, seed=seed, samples=count, whole=ids, text=processor.decode(ids),
                    plain=processor.decode(ids, skip_special_tokens=True))
        if chunk:
            kept = []
            decode = processor.tokenizer.decode
            processor.tokenizer.decode = lambda items, **k: kept.extend(np.asarray(items).tolist()) or decode(items, **k)
            case["chunk_text"] = pipeline(samples, chunk_length_s=chunk, stride_length_s=stride)["text"]
            processor.tokenizer.decode = decode
            case |= dict(chunk_seconds=chunk, stride_seconds=stride, chunked=kept)
        else:
            save_file({k: v.contiguous() for k, v in found.items()}, folder / "cases" / f"{name}.safetensors")
        cases.append(case)
        print(name, len(ids), case["text"][:70], len(case.get("chunked", [])))
    (folder / "cases.json").write_text(json.dumps(cases))


main()
