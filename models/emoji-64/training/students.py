"""Two students of the published model, taught by its walks (walks.py) on one thread each.

fast: the same denoiser, which goes from noise to picture in 4 steps without guidance. It learns
where the guided walk stands a quarter later (Luhman and Luhman, arXiv 2101.02388, a quarter at a
time).

half: a denoiser of under half the size, which answers as the published one does at every moment,
guided and unguided captions alike. What a node with little memory, or a cheat, would run.

Both keep the published caption encoder and autoencoder.

    python students.py fast --model .. --run RUN --minutes 40

writes fast.pt or half.pt, every two minutes.
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

from published import read
from schedule import alphas_bar, loss_weight, noised
from train import encode, save
from unet import UNet
from walks import STOPS, moments

HALF = (32, 64, 96)  # channels of its three levels


def words_of(text, tokenizer, captions):
    with torch.no_grad():
        return text.padded(encode(tokenizer, captions))


class Fast:
    """The v that a DDIM step needs to land where the walk stands at the next stop."""

    lr = 2e-4

    def __init__(self, teacher):
        self.unet = copy.deepcopy(teacher.unet)
        self.text = teacher.text
        ab = alphas_bar().float()
        alphas = torch.cat([ab[moments(STOPS)], ab[:1]])
        self.a, self.s = alphas.sqrt(), (1 - alphas).sqrt()
        self.times = torch.tensor(moments(STOPS))

    def examples(self, rng, walks, captions, tokenizer):
        """Noisy latents, timesteps, words, what the student should say, and how much it counts."""
        stop = torch.from_numpy(rng.integers(0, STOPS, len(walks)))
        rows = torch.arange(len(walks))
        x, y = walks[rows, stop], walks[rows, stop + 1]
        a, s, b, r = (q[:, None, None, None] for q in (self.a[stop], self.s[stop], self.a[stop + 1], self.s[stop + 1]))
        v = (y - (a * b + s * r) * x) / (a * r - b * s)
        return x, self.times[stop], words_of(self.text, tokenizer, captions), v, torch.ones(len(walks))


class Half:
    """What the teacher says of noised latents of its own."""

    lr = 1.5e-3

    def __init__(self, teacher):
        self.unet = UNet(HALF)
        self.teacher = copy.deepcopy(teacher.unet).to(memory_format=torch.channels_last)
        self.text = teacher.text
        self.ab = alphas_bar().float()

    def examples(self, rng, walks, captions, tokenizer):
        captions = ["" if rng.random() < 0.15 else c for c in captions]
        t = torch.from_numpy(rng.integers(0, 1000, len(walks)))
        alpha = self.ab[t][:, None, None, None]
        x, _ = noised(walks[:, -1], torch.randn_like(walks[:, -1]), alpha)
        words = words_of(self.text, tokenizer, captions)
        with torch.no_grad():
            v = self.teacher(x.contiguous(memory_format=torch.channels_last), t, words)
        return x, t, words, v, loss_weight(alpha)[:, 0, 0, 0]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("kind", choices=["fast", "half"])
    p.add_argument("--model", required=True)
    p.add_argument("--run", required=True, help="folder of walks.npy and walks.txt")
    p.add_argument("--minutes", type=float, default=40)
    p.add_argument("--batch", type=int, default=24)
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    run = Path(a.run)
    walks = torch.from_numpy(np.load(run / "walks.npy", mmap_mode="r"))
    captions = (run / "walks.txt").read_text().splitlines()
    tokenizer = Tokenizer.from_file(str(Path(a.model) / "tokenizer" / "tokenizer.json"))
    teacher, _ = read(a.model)
    student = dict(fast=Fast, half=Half)[a.kind](teacher)
    unet = student.unet.to(memory_format=torch.channels_last)
    mean = copy.deepcopy(unet)
    parameters = list(unet.parameters())
    opt = torch.optim.AdamW(parameters, lr=student.lr, betas=(0.9, 0.99), weight_decay=0.01, fused=True)
    start = saved = time.time()
    step, losses, spent = 0, [], 0.0
    while spent < 60 * a.minutes:
        spent = time.time() - start
        part = min(1.0, spent / (60 * a.minutes))
        for g in opt.param_groups:
            g["lr"] = student.lr * min(1, (step + 1) / 200) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * part)))
        ids = rng.integers(0, len(captions), a.batch)
        x, t, words, wanted, weight = student.examples(rng, walks[ids].float(), [captions[i] for i in ids], tokenizer)
        v = unet(x.contiguous(memory_format=torch.channels_last), t, words)
        loss = (((v - wanted) ** 2).mean((1, 2, 3)) * weight).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        opt.step()
        losses.append(loss.item())
        step += 1
        with torch.no_grad():
            torch._foreach_lerp_(list(mean.parameters()), parameters, 1 - min(0.999, (step + 1) / (step + 20)))
        if step % 200 == 0:
            print(f"{spent:6.0f}s step {step} samples {step * a.batch} loss {np.mean(losses[-400:]):.4f}", flush=True)
        if time.time() - saved > 120 or spent >= 60 * a.minutes:
            saved = time.time()
            save(run / f"{a.kind}.pt", mean=mean.state_dict(), samples=step * a.batch, seconds=spent)


if __name__ == "__main__":
    main()
