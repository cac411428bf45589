"""Tokens and frames a second of torch, forward and backward, on the pocket shapes of konsil bench train.

torch 2.13.0, transformers 5.18.0, float32. Usage: train_speed.py [THREADS]
"""
import sys, time, torch
from transformers import Gemma3TextConfig, Gemma3ForCausalLM, LasrCTCConfig, LasrEncoderConfig, LasrForCTC

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
torch.manual_seed(1)


def best(step, seconds=8):
    step(); step()
    times, end = [], time.time() + seconds
    while time.time() < end:
        start = time.time(); step(); times.append(time.time() - start)
    times.sort()
    return times[0], times[len(times) // 2]


def text():
    config = Gemma3TextConfig(vocab_size=2000, hidden_size=192, intermediate_size=768, num_hidden_layers=4,
                              num_attention_heads=4, num_key_value_heads=2, head_dim=48, query_pre_attn_scalar=48,
                              sliding_window=1024, tie_word_embeddings=True)
    config._attn_implementation = "sdpa"
    model = Gemma3ForCausalLM(config)
    ids = torch.randint(0, 2000, (1, 300))
    def step():
        model.zero_grad(set_to_none=False)
        model(input_ids=ids, labels=ids).loss.backward()
    return step, 300


def speech():
    encoder = LasrEncoderConfig(hidden_size=144, num_hidden_layers=6, num_attention_heads=4, num_key_value_heads=4,
                                intermediate_size=576, conv_kernel_size=32, num_mel_bins=128,
                                subsampling_conv_channels=144, dropout=0.0, activation_dropout=0.0,
                                attention_dropout=0.0, layerdrop=0.0)
    model = LasrForCTC(LasrCTCConfig(vocab_size=512, pad_token_id=0, encoder_config=encoder))
    model.eval()  # batch norm on running statistics
    x = torch.randn(1, 1609, 128)
    target = torch.randint(1, 512, (1, 60))
    def step():
        model.zero_grad(set_to_none=False)
        model(input_features=x, attention_mask=torch.ones(1, 1609, dtype=torch.bool), labels=target).loss.backward()
    with torch.no_grad():
        frames = model(input_features=x).logits.shape[1]
    return step, frames


for name, make in (("text", text), ("speech", speech)):
    step, count = make()
    fastest, median = best(step)
    print(f"{name}: {count} rows, best {fastest * 1000:.1f} ms = {count / fastest:.0f}/s, median {median * 1000:.1f} ms = {count / median:.0f}/s", flush=True)
