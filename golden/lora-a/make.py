"""What PEFT computes with golden/lora-a/final on golden/gemma3-a: writes expected.safetensors beside this file.

For the cases text, one_image and text_system of gemma3-a: NAME.logits_last, f32. Rotary frequencies are exact, unlike in
gemma3-a/cases. Two more adapters are written and computed: patterns (ranks and alphas by pattern, rank-stabilised) and
tower (all linear layers of the image encoder and the text).

torch 2.13.0, transformers 5.18.0, peft 0.21.0. Usage: make.py
"""
import json, os, torch
from safetensors.torch import load_file, save_file
from transformers import Gemma3ForConditionalGeneration
from peft import LoraConfig, PeftModel, get_peft_model

here = os.path.dirname(os.path.abspath(__file__))
base_dir = os.path.join(here, "..", "gemma3-a")
cases = {c["name"]: c for c in json.load(open(f"{base_dir}/cases.json"))}
pixels = load_file(f"{base_dir}/cases/pixels.safetensors")


def base():
    model = Gemma3ForConditionalGeneration.from_pretrained(base_dir, dtype=torch.float32, attn_implementation="eager").eval()
    for module in model.modules():  # the factor of words is rounded to the type of the checkpoint, bf16
        if hasattr(module, "embed_scale"):
            module.embed_scale = module.embed_scale.to(torch.bfloat16).to(torch.float32)
    return model


def run(model, name):
    c = cases[name]
    ids = torch.tensor([c["input_ids"]])
    kw = dict(input_ids=ids, attention_mask=torch.ones_like(ids), token_type_ids=(ids == 9).long())
    if c["images"]:
        kw["pixel_values"] = torch.stack([pixels[i] for i in c["images"]])
    with torch.no_grad():
        return model(**kw).logits[0, -1].float().contiguous()


out = {}
model = PeftModel.from_pretrained(base(), f"{here}/final").eval()
for name in ("text", "one_image", "text_system"):
    out[f"final.{name}.logits_last"] = run(model, name)
text = r".*language_model.*\.(q_proj|k_proj|v_proj|o_proj|gate_proj|up_proj|down_proj)"
configs = {
    "patterns": LoraConfig(r=4, lora_alpha=6, use_rslora=True, target_modules=text,
                           rank_pattern={"q_proj": 2, r"layers\.1\.mlp\.up_proj": 3}, alpha_pattern={"down_proj": 5}),
    "tower": LoraConfig(r=2, lora_alpha=4, target_modules=r".*(language_model|vision_tower).*\.(q_proj|v_proj|out_proj|fc1|fc2|up_proj)"),
}
for i, (name, config) in enumerate(configs.items()):
    torch.manual_seed(40 + i)
    model = get_peft_model(base(), config).eval()
    with torch.no_grad():
        for n, p in model.named_parameters():
            if "lora_" in n:
                p.copy_(torch.randn(p.shape) * 0.15)
    model.save_pretrained(f"{here}/{name}")
    os.path.exists(f"{here}/{name}/README.md") and os.remove(f"{here}/{name}/README.md")
    for c in ("text", "one_image"):
        out[f"{name}.{c}.logits_last"] = run(model, c)
save_file(out, f"{here}/expected.safetensors")
print({k: v[:3].tolist() for k, v in out.items()})
