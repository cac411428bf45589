"""What torch.optim.AdamW and clip_grad_norm_ make of seeded values and gradients (torch 2.13.0).

usage: golden/adamw/make.py   (writes golden/adamw/steps.json beside itself)
"""
import json
import pathlib

import torch

torch.manual_seed(11)
matrix, bias = torch.randn(3, 5), torch.randn(4)
gradients = [(torch.randn(3, 5) * 10 ** (i - 2), torch.randn(4)) for i in range(5)]
rates = [0.0, 3e-3, 1e-2, 1e-2, 5e-3]
settings = dict(betas=[0.8, 0.95], eps=1e-6, weight_decay=0.1, max_grad_norm=1.5)
p, q = torch.nn.Parameter(matrix.clone()), torch.nn.Parameter(bias.clone())
groups = [dict(params=[p], weight_decay=0.1), dict(params=[q], weight_decay=0.0)]
optimiser = torch.optim.AdamW(groups, betas=(0.8, 0.95), eps=1e-6, foreach=False)
steps = []
for rate, (g, h) in zip(rates, gradients):
    p.grad, q.grad = g.clone(), h.clone()
    norm = float(torch.nn.utils.clip_grad_norm_([p, q], 1.5, foreach=False))
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.step()
    steps.append(dict(rate=rate, matrix_gradient=g.flatten().tolist(), bias_gradient=h.tolist(), norm=norm,
                      matrix=p.detach().flatten().tolist(), bias=q.detach().tolist()))
from transformers import get_constant_schedule_with_warmup, get_cosine_schedule_with_warmup, get_linear_schedule_with_warmup
dummy = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=2e-4)
def rates_of(make):
    s = make(torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=2e-4))
    out = []
    for _ in range(12):
        out.append(s.get_last_lr()[0]); s.optimizer.step(); s.step()
    return out
schedules = dict(constant=rates_of(lambda o: get_constant_schedule_with_warmup(o, 3)),
                 linear=rates_of(lambda o: get_linear_schedule_with_warmup(o, 3, 10)),
                 cosine=rates_of(lambda o: get_cosine_schedule_with_warmup(o, 3, 10)))
out = dict(settings, start_matrix=matrix.flatten().tolist(), start_bias=bias.tolist(), steps=steps, schedules=schedules)
pathlib.Path(__file__).with_name("steps.json").write_text(json.dumps(out))
