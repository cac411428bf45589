"""Small random checkpoints of the Gemma 3 family and what transformers computes for them.

usage: gemma3.py FOLDER [gemma3-b|gemma3-c]...          (torch 2.13.0, transformers 5.18.0, safetensors; Python 3.11)

gemma3-b  images; sizes that divide nothing, a window smaller than an image, layers named one by one, an output of its
          own, other rotary factors; names and config.json as transformers 5 holds them, in two shards
gemma3-c  text only; config.json as sparse as the published ones, one key head, scores scaled by another number than
          the head's size, both soft caps

All values are those of the checkpoint as from_pretrained reads it, in f32, with the embedding's factor rounded to bf16
as a bf16 model holds it. transformers does not hand the soft cap of scores to its attention, which knows it: here it
does.
"""
import functools, json, sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import Gemma3Config, Gemma3ForCausalLM, Gemma3ForConditionalGeneration, Gemma3TextConfig
from transformers.models.gemma3 import modeling_gemma3

SOFT, BEGIN, END, WORDS = 9, 7, 8, 16  # ids of soft tokens and their frame; words have ids from 16 on


def fill(model, seed):
    """Weights that keep every branch alive, exact in bf16."""
    source = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=source)
            if weight.dim() == 1:
                ones = "vision" in name and "norm" in name and name.endswith("weight")
                weight.copy_((1.0 if ones else 0.0) + 0.25 * noise)
            elif "embed" in name and "patch" not in name:
                weight.copy_(0.08 * noise)
            elif "mm_input_projection" in name:
                weight.copy_(noise / weight.shape[0] ** 0.5)
            else:
                weight.copy_(1.5 * noise / weight[0].numel() ** 0.5)
            weight.copy_(weight.bfloat16().float())
    return model


def save(model, folder, name_of, shards):
    """Safetensors in bf16 under other names; an index where there is more than one file."""
    tensors = {name_of(n): t.bfloat16().contiguous() for n, t in model.state_dict().items()}
    if model.config.tie_word_embeddings:
        tensors = {n: t for n, t in tensors.items() if "lm_head" not in n}
    if shards == 1:
        save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
        return
    files = {n: f"model-{i * shards // len(tensors) + 1:05}-of-{shards:05}.safetensors" for i, n in enumerate(tensors)}
    for file in sorted(set(files.values())):
        save_file({n: t for n, t in tensors.items() if files[n] == file}, folder / file, metadata={"format": "pt"})
    size = sum(t.numel() * 2 for t in tensors.values())
    index = {"metadata": {"total_size": size}, "weight_map": files}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1))


def read(kind, folder):
    """The checkpoint as anyone would load it, computing in f32."""
    model = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    for name, buffer in model.named_buffers():
        if "embed_scale" in name:
            buffer.copy_(buffer.bfloat16().float())
    return model


def values(model, ids, pixels):
    ids = torch.tensor([ids])
    given = dict(input_ids=ids, attention_mask=torch.ones_like(ids))
    labels = ids.clone()
    if pixels is not None:
        given |= dict(token_type_ids=(ids == SOFT).long())
        if len(pixels):
            given |= dict(pixel_values=pixels)
        labels[ids == SOFT] = -100
    with torch.no_grad():
        out = model(**given, labels=labels)
        made = model.generate(**given, max_new_tokens=12, do_sample=False)[0, ids.shape[1] :].tolist()
        kept = dict(
            logits_last=out.logits[0, -1].contiguous(),
            logits_all_argmax=out.logits[0].argmax(-1).to(torch.int32),
            loss=out.loss.reshape(1),
        )
        if pixels is not None and len(pixels):
            kept["image_features"] = model.model.get_image_features(pixels).pooler_output.contiguous()
            kept["vision_last_hidden"] = model.model.vision_tower(pixel_values=pixels[:1]).last_hidden_state[0].contiguous()
    return kept, made


def write(folder, model, plans, pixels, words):
    (folder / "cases").mkdir(exist_ok=True)
    source = torch.Generator().manual_seed(5)
    cases = []
    for name, layout in plans.items():
        ids, images = [2], []
        for part in layout:
            if isinstance(part, str):
                ids += [BEGIN] + [SOFT] * 16 + [END]
                images.append(part)
            else:
                ids += torch.randint(WORDS, words, (part,), generator=source).tolist()
        given = None if pixels is None else torch.stack([pixels[i] for i in images]) if images else []
        kept, made = values(model, ids, given)
        save_file(kept, folder / "cases" / f"{name}.safetensors")
        cases.append(dict(name=name, images=images, input_ids=ids, greedy=made))
    if pixels is not None:
        save_file(pixels, folder / "cases" / "pixels.safetensors")
    (folder / "cases.json").write_text("[" + ",\n".join(json.dumps(c) for c in cases) + "]\n")


def gemma3_b(folder):
    words = 300
    text = dict(
        vocab_size=words, hidden_size=75, intermediate_size=101, num_hidden_layers=5, num_attention_heads=3,
        num_key_value_heads=1, head_dim=24, query_pre_attn_scalar=20, sliding_window=7, max_position_embeddings=4096,
        layer_types=["sliding_attention", "full_attention", "sliding_attention", "sliding_attention", "full_attention"],
        rope_parameters={
            "full_attention": {"rope_type": "linear", "factor": 4.0, "rope_theta": 500000.0},
            "sliding_attention": {"rope_type": "default", "rope_theta": 2000.0},
        },
        tie_word_embeddings=False,
    )
    vision = dict(hidden_size=40, intermediate_size=57, num_hidden_layers=2, num_attention_heads=4, image_size=56,
                  patch_size=7, vision_use_head=False)
    config = Gemma3Config(text_config=text, vision_config=vision, mm_tokens_per_image=16, boi_token_index=BEGIN,
                          eoi_token_index=END, image_token_index=SOFT, tie_word_embeddings=False, eos_token_id=[1, 6])
    model = fill(Gemma3ForConditionalGeneration(config), 31)
    config.dtype = "bfloat16"
    config.save_pretrained(folder)
    save(model, folder, lambda n: n, shards=2)
    source = torch.Generator().manual_seed(32)
    pixels = {n: torch.randn(3, 56, 56, generator=source).bfloat16().float() / 4 for n in ("first", "second")}
    plans = {
        "text": [40],
        "long_text": [320],
        "one_image": [11, "first", 9],
        "two_images": [5, "second", 3, "first", 30],
        "neighbours": ["first", "second", "first"],
    }
    write(folder, read(Gemma3ForConditionalGeneration, folder), plans, pixels, words)


def gemma3_c(folder):
    words = 260
    sparse = dict(
        architectures=["Gemma3ForCausalLM"], model_type="gemma3_text", vocab_size=words, hidden_size=60,
        intermediate_size=84, num_hidden_layers=7, num_attention_heads=4, num_key_value_heads=1, head_dim=16,
        query_pre_attn_scalar=40, sliding_window=11, sliding_window_pattern=3, attn_logit_softcapping=2.0,
        final_logit_softcapping=3.0, rope_theta=1000000, rope_local_base_freq=10000.0, torch_dtype="bfloat16",
        eos_token_id=[1, 6], transformers_version="4.50.0",
    )
    config = Gemma3TextConfig(**{k: v for k, v in sparse.items() if k != "torch_dtype"})
    model = fill(Gemma3ForCausalLM(config), 41)
    (folder / "config.json").write_text(json.dumps(sparse, indent=1))
    save(model, folder, lambda n: n, shards=1)
    plain = modeling_gemma3.eager_attention_forward
    modeling_gemma3.eager_attention_forward = functools.partial(plain, softcap=2.0)
    model = read(Gemma3ForCausalLM, folder)
    write(folder, model, {"text": [40], "long_text": [300]}, None, words)
    modeling_gemma3.eager_attention_forward = plain


if __name__ == "__main__":
    makers = {"gemma3-b": gemma3_b, "gemma3-c": gemma3_c}
    for name in sys.argv[2:] or makers:
        folder = Path(sys.argv[1]) / name
        folder.mkdir(parents=True, exist_ok=True)
        makers[name](folder)
