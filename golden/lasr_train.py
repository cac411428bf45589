"""Writes golden/train-lasr/train.safetensors: one clip through lasr-a in training mode.

usage: lasr_train.py golden/lasr-a golden/train-lasr      (torch 2.13.0, transformers 5.18.0, safetensors; Python 3.11)

Batch norms take the statistics of the batch and move their running ones; dropout and layer drop are off.
"""
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import LasrForCTC

KEPT = ("encoder.layers.0.conv.", "encoder.layers.1.norm_conv", "encoder.subsampler.dense_0.bias", "ctc_head.bias",
        "encoder.layers.0.self_attn.q_proj.weight")


def main(folder, to):
    torch.set_num_threads(1)
    model = LasrForCTC.from_pretrained(folder, dtype=torch.float32).train()
    model.encoder.layerdrop = model.encoder.dropout = 0
    for layer in model.encoder.layers:
        layer.self_attn.attention_dropout = 0
        layer.feed_forward1.activation_dropout = layer.feed_forward2.activation_dropout = 0
    case = json.loads((folder / "cases.json").read_text())[0]
    features = load_file(folder / "cases" / f"{case['name']}.safetensors")["features"].reshape(1, -1, 128)
    labels = torch.tensor([case["ctc_ref_ids"]])
    mask = torch.ones(features.shape[:2], dtype=torch.bool)
    loss = model(input_features=features, attention_mask=mask, labels=labels).loss
    loss.backward()
    kept = {"loss": loss.detach().reshape(1)}
    for name, weight in model.named_parameters():
        if name.startswith(KEPT):
            kept["grad." + name] = weight.grad.contiguous()
    for name, buffer in model.named_buffers():
        if name.endswith(("running_mean", "running_var")):
            kept["after." + name] = buffer.clone()
    save_file(kept, to / "train.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
