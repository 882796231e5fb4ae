"""Train the denoiser and the caption encoder together, on latents composed and encoded at the start.

Writes denoiser.pt (averaged weights) every minute and latents' scaling.json. With --measure it only
compiles, says how fast a step is and leaves the compiler's cache warm.
"""
import copy
import json
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn

from arguments import parser
from autoencoder import Autoencoder
from deep_unet import D_TEXT, DeepUNet
from pace import Pace, follow, mixed
from pictures import Pictures, device, load_packed
from schedule import alphas_bar, loss_weight, noised
from text import END, LENGTH, TextEncoder
from tokenizers import Tokenizer

UNCAPTIONED = 0.1
EMPTY = [0, END] + [END] * (LENGTH - 2)


class Model(nn.Module):
    def __init__(self, vocab):
        super().__init__()
        self.text = TextEncoder(vocab, d=D_TEXT, layers=3, heads=5)
        self.unet = DeepUNet()

    def forward(self, x, t, ids):
        return self.unet(x, t, self.text(ids))


def encoded(vae, source, where, batch=512):
    """Latents of all pictures, [n, 4, 32, 32] in half precision, and the factor that gives them unit variance."""
    out = torch.empty(source.count, 4, 32, 32, dtype=torch.float16, device=where)
    with torch.no_grad():
        for i in range(0, source.count, batch):
            rows = np.arange(i, min(i + batch, source.count))
            out[i : i + batch] = vae.encoder(source.composed(rows).contiguous(memory_format=torch.channels_last))[0]
    factor = round(1 / out[:20000].float().std().item(), 5)
    for part in out.split(20000):
        part.copy_(part.float() * factor)
    return out, factor


def main():
    p = parser(__doc__, seconds=300, count=500_000, batch=256, lr=1e-3)
    p.add_argument("--resume", action="store_true", help="start from the weights in denoiser.pt")
    p.add_argument("--measure", action="store_true")
    a = p.parse_args()
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    where, work = device(), Path(a.work)
    vocab = Tokenizer.from_file(a.tokenizer).get_vocab_size()
    if a.measure:
        latents = torch.randn(4096, 4, 32, 32, device=where).half()
        tokens = torch.randint(0, vocab, (4096, LENGTH), device=where, dtype=torch.int16)
    else:
        start = time.time()
        sprites, index = load_packed(a.data)
        source = Pictures(torch.from_numpy(sprites).to(where), index, a.tokenizer, 2, a.count)
        print(f"described {source.count} pictures in {time.time() - start:.0f} s", flush=True)
        vae = Autoencoder().to(where, memory_format=torch.channels_last)
        vae.load_state_dict(torch.load(work / "vae.pt", weights_only=True, map_location=where))
        latents, factor = encoded(vae, source, where)
        (work / "scaling.json").write_text(json.dumps(dict(scaling_factor=factor)) + "\n")
        tokens = source.tokens
        del source, sprites
        print(f"encoded them by {time.time() - start:.0f} s; scaling factor {factor}", flush=True)

    model = Model(vocab).to(where)
    if a.resume:
        model.load_state_dict(torch.load(work / "denoiser.pt", weights_only=True, map_location=where))
    model.unet.to(memory_format=torch.channels_last)
    mean = copy.deepcopy(model)
    decay = [q for q in model.parameters() if q.ndim > 1]
    rest = [q for q in model.parameters() if q.ndim <= 1]
    opt = torch.optim.AdamW([dict(params=decay, weight_decay=0.01), dict(params=rest, weight_decay=0.0)],
                            lr=a.lr, betas=(0.9, 0.99), fused=True)
    fast = torch.compile(model) if where.type == "cuda" else model
    ab = alphas_bar().float().to(where)
    empty = torch.tensor(EMPTY, dtype=torch.int16, device=where)
    pace, losses = None, torch.zeros((), device=where)
    started = saved = time.time()
    counted = 0
    while True:
        if pace is None and counted == 2:  # the compiler's time is not the schedule's
            torch.cuda.synchronize() if where.type == "cuda" else None
            print(f"compiled in {time.time() - started:.0f} s", flush=True)
            pace = Pace(opt, a.lr, a.seconds, warmup=300, flat=0.15)
        counted += 1
        if pace and not pace.tick():
            break
        rows = torch.randint(0, len(latents), (a.batch,), device=where)
        ids = torch.where(torch.rand(a.batch, 1, device=where) < UNCAPTIONED, empty, tokens[rows])
        x, t = latents[rows].float(), torch.randint(0, 1000, (a.batch,), device=where)
        alpha = ab[t][:, None, None, None]
        noisy, target = noised(x, torch.randn_like(x), alpha)
        with mixed(where):
            v = fast(noisy.contiguous(memory_format=torch.channels_last), t, ids)
        loss = (((v.float() - target) ** 2).mean((1, 2, 3)) * loss_weight(alpha)[:, 0, 0, 0]).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        if pace is None:
            continue
        opt.step()
        losses += loss.detach()
        if pace.step % 4 == 0:
            follow(mean, model, pace.step, 0.998)
        if pace.step % 200 == 0:
            print(f"{pace.said()} samples {pace.step * a.batch} loss {losses.item() / 200:.4f} lr {opt.param_groups[0]['lr']:.1e}", flush=True)
            losses.zero_()
            if not a.measure and time.time() - saved > 60:
                saved = time.time()
                torch.save(mean.state_dict(), work / "denoiser.tmp")
                (work / "denoiser.tmp").rename(work / "denoiser.pt")
    print(f"{pace.said()} samples {pace.step * a.batch}, {pace.step * a.batch / a.seconds:.0f} a second", flush=True)
    if not a.measure:
        torch.save({k: v.cpu() for k, v in mean.state_dict().items()}, work / "denoiser.pt")


if __name__ == "__main__":
    main()
