"""Train the UNet and the text encoder together on the prepared latents.

Runs for a number of minutes, writes diffusion.pt every two, and goes on from it with
--resume: minutes, samples and learning rate continue where they were, or start from nought
when it holds published weights only (published.py). Workers of one
thread each take their own small steps and average their weights every few of them:
convolutions this small gain little from more threads, and a busy machine punishes barriers.
"""
import argparse
import copy
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.nn as nn
from tokenizers import Tokenizer

from captions import caption, pair_caption
from compose import COLOUR_NAMES
from concepts import DRAWN_STYLES
from schedule import alphas_bar, loss_weight, noised
from text import END, LENGTH, TextEncoder
from unet import UNet


EXCHANGE = 8  # steps between two averagings


class Model(nn.Module):
    def __init__(self, vocab):
        super().__init__()
        self.text = TextEncoder(vocab)
        self.unet = UNet()


def told(rng, label):
    """A caption of the picture that bears the label."""
    style, colour = DRAWN_STYLES[label["style"]], COLOUR_NAMES[label["colour"]]
    if label["second"] >= 0:
        return pair_caption(rng, label["concept"], label["second"], style, colour)
    return caption(rng, label["concept"], style, colour, label["scale"])


def encode(tokenizer, texts):
    """Token ids, padded with the end token to the longest text only."""
    rows = [e.ids[: LENGTH - 1] + [END] if len(e.ids) > LENGTH else e.ids for e in tokenizer.encode_batch(texts)]
    width = max(map(len, rows))
    return torch.tensor([r + [END] * (width - len(r)) for r in rows])


def save(path, **state):
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").rename(path)


@torch.no_grad()
def average(parameters, workers):
    """Replace the weights by their mean over the workers."""
    flat = torch.cat([q.reshape(-1) for q in parameters])
    dist.all_reduce(flat)
    flat /= workers
    for q, part in zip(parameters, flat.split([q.numel() for q in parameters])):
        q.copy_(part.view_as(q))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True, help="folder of latents.npy and labels.npz")
    p.add_argument("--tokenizer", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--minutes", type=float, default=80)
    p.add_argument("--batch", type=int, default=32, help="of all workers together")
    p.add_argument("--lr", type=float, default=7e-4)
    p.add_argument("--decay-from", type=float, default=0.3, help="part of the time after which the rate falls")
    p.add_argument("--resume", action="store_true")
    p.add_argument("--workers", type=int, default=2)
    a = p.parse_args()
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    os.environ.setdefault("MASTER_PORT", "29611")
    torch.multiprocessing.spawn(work, (a,), a.workers)


def work(rank, a):
    torch.set_num_threads(1)
    dist.init_process_group("gloo", rank=rank, world_size=a.workers)
    seed = rank + (int(time.time()) if a.resume else 0)
    torch.manual_seed(0)
    rng = np.random.default_rng(seed)
    data, out = Path(a.data), Path(a.out)
    latents = torch.from_numpy(np.load(data / "latents.npy"))
    labels = np.load(data / "labels.npz")
    labels = {k: labels[k] for k in labels.files}
    tokenizer = Tokenizer.from_file(a.tokenizer)
    model = Model(tokenizer.get_vocab_size())
    model.unet.to(memory_format=torch.channels_last)
    mean_model = copy.deepcopy(model)
    if rank == 0:
        print({k: sum(q.numel() for q in m.parameters()) for k, m in model.named_children()}, flush=True)
    decay = [q for q in model.parameters() if q.ndim > 1]
    rest = [q for q in model.parameters() if q.ndim <= 1]
    opt = torch.optim.AdamW(
        [dict(params=decay, weight_decay=0.01), dict(params=rest, weight_decay=0.0)],
        lr=a.lr, betas=(0.9, 0.99), fused=True)
    spent, step, samples = 0.0, 0, 0
    if a.resume:
        s = torch.load(out / "diffusion.pt", weights_only=True)
        model.load_state_dict(s["model"])
        mean_model.load_state_dict(s["mean"])
        if "opt" in s:
            opt.load_state_dict(s["opt"])
            for g in opt.param_groups:
                g.update(foreach=None, fused=True)
            spent, step, samples = s["spent"], s["step"], s["samples"]
    torch.manual_seed(seed)
    ab = alphas_bar().float()
    share = a.batch // a.workers
    parameters = list(model.parameters())
    start, saved, losses = time.time() - spent, time.time(), []
    while True:
        if step % EXCHANGE == 0:
            now = torch.tensor([time.time() - start if rank == 0 else 0.0], dtype=torch.float64)
            dist.broadcast(now, 0)  # the first worker's clock decides for all
            spent = now.item()
        f = spent / (60 * a.minutes)
        fall = max(0.0, min(1.0, (f - a.decay_from) / (1 - a.decay_from)))
        lr = a.lr * min(1, (step + 1) / 300) * (0.5 * (1 + math.cos(math.pi * fall)) * 0.99 + 0.01)
        for g in opt.param_groups:
            g["lr"] = lr
        ids = rng.integers(0, len(latents), share)
        texts = ["" if rng.random() < 0.1 else told(rng, {k: v[i] for k, v in labels.items()}) for i in ids]
        x = latents[ids].float()
        t = torch.randint(0, 1000, (share,))
        alpha = ab[t][:, None, None, None]
        noisy, target = noised(x, torch.randn_like(x), alpha)
        text = model.text.padded(encode(tokenizer, texts))
        v = model.unet(noisy.to(memory_format=torch.channels_last), t, text)
        loss = (((v - target) ** 2).mean((1, 2, 3)) * loss_weight(alpha)[:, 0, 0, 0]).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        opt.step()
        losses.append(loss.item())
        step += 1
        samples += share * a.workers
        if step % EXCHANGE:
            continue
        average(parameters, a.workers)
        with torch.no_grad():
            keep = min(0.992, (step + 1) / (step + 40 * EXCHANGE))
            torch._foreach_lerp_(list(mean_model.parameters()), parameters, 1 - keep)
        if rank == 0 and step % (25 * EXCHANGE) == 0:
            print(f"{time.time() - start:6.0f}s step {step} samples {samples} lr {lr:.1e} "
                  f"loss {np.mean(losses[-200:]):.4f}", flush=True)
        done = f >= 1
        if rank == 0 and (done or time.time() - saved > 120):
            saved = time.time()
            save(out / "diffusion.pt", model=model.state_dict(), mean=mean_model.state_dict(),
                 opt=opt.state_dict(), spent=time.time() - start, step=step, samples=samples)
        if done:
            break


if __name__ == "__main__":
    main()
