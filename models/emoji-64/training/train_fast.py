"""Train a denoiser that takes four steps where its teacher takes twenty, and no guidance.

It starts as a copy of the teacher and learns where the teacher's guided walk (make_walks.py) leads
from each of four moments; a step is DDIM's, so any scheduler of that name runs it. In the second half
it starts from where its own steps have led, and so learns to mend what they missed. The words stay as
the text encoder has them.
"""
import argparse
import copy
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
from tokenizers import Tokenizer

from make_walks import TIMES
from schedule import alphas_bar
from train import Model, encode

STATES = len(TIMES) + 1


def coefficients():
    """DDIM from TIMES[k] to the next of them (the last to a clean picture) is x' = p[k] x + q[k] v."""
    a = torch.cat([alphas_bar()[TIMES], torch.ones(1, dtype=torch.float64)])
    now, then = a[:-1], a[1:]
    p = (now * then).sqrt() + ((1 - now) * (1 - then)).sqrt()
    q = ((1 - then) * now).sqrt() - (then * (1 - now)).sqrt()
    return p.float(), q.float()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--run", required=True, help="folder of walks.f16, walks.txt and diffusion.pt; writes fast.pt")
    p.add_argument("--tokenizer", required=True)
    p.add_argument("--minutes", type=float, default=40)
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--lr", type=float, default=4e-4)
    p.add_argument("--threads", type=int, default=2)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(12)
    run = Path(a.run)
    raw = np.fromfile(run / "walks.f16", np.float16)
    walks = torch.from_numpy(raw.reshape(-1, STATES, 4, 16, 16))
    texts = (run / "walks.txt").read_text().split("\n")[: len(walks)]
    walks = walks[: len(texts)]
    tokenizer = Tokenizer.from_file(a.tokenizer)
    model = Model(tokenizer.get_vocab_size())
    model.load_state_dict(torch.load(run / "diffusion.pt", weights_only=True)["mean"])
    with torch.no_grad():
        words = torch.cat([
            model.text.padded(encode(tokenizer, texts[i : i + 64])).half() for i in range(0, len(texts), 64)])
    student = model.unet.to(memory_format=torch.channels_last)
    mean = copy.deepcopy(student).requires_grad_(False)
    times = torch.tensor(TIMES)
    keep, turn = coefficients()

    def step(unet, x, k, w):
        v = unet(x.to(memory_format=torch.channels_last), times[k].expand(len(x)), w)
        return keep[k] * x + turn[k] * v

    @torch.no_grad()
    def held_error():
        x, w = walks[:held, 0].float(), words[:held].float()
        for k in range(len(TIMES)):
            x = step(mean, x, k, w)
        return (x - walks[:held, -1].float()).square().mean().item()

    held = 128
    opt = torch.optim.AdamW(student.parameters(), lr=a.lr, betas=(0.9, 0.99), weight_decay=1e-3, fused=True)
    print(f"{len(walks)} walks; ends vary by {walks[:, -1].float().var().item():.3f}; unlearned error {held_error():.4f}", flush=True)
    start, count, f, losses = time.time(), 0, 0.0, []
    while f < 1:
        for group in opt.param_groups:
            group["lr"] = a.lr * min(1, (count + 1) / 100) * (0.5 * (1 + math.cos(math.pi * f)) * 0.99 + 0.01)
        rows = torch.randint(held, len(walks), (a.batch,))
        k = int(torch.randint(len(TIMES), ()))
        w = words[rows].float()
        x = walks[rows, k].float()
        if f > 0.5 and k > 0:
            x = walks[rows, 0].float()
            with torch.no_grad():
                for earlier in range(k):
                    x = step(mean, x, earlier, w)
        loss = (step(student, x, k, w) - walks[rows, k + 1].float()).square().mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        opt.step()
        count += 1
        with torch.no_grad():
            torch._foreach_lerp_(list(mean.parameters()), list(student.parameters()), 1 - min(0.998, count / (count + 20)))
        losses.append(loss.item())
        f = (time.time() - start) / (60 * a.minutes)
        if count % 500 == 0 or f >= 1:
            print(f"{time.time() - start:6.0f}s step {count} loss {np.mean(losses[-500:]):.4f} held {held_error():.4f}", flush=True)
            torch.save(mean.state_dict(), run / "fast.pt")


if __name__ == "__main__":
    main()
