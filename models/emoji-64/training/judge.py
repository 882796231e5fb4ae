"""A small classifier of concepts, the judge of generated pictures; it never sees one in training."""
import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from compose import compose, draw_settings, load_sprites, pick
from concepts import CONCEPTS
from make_latents import sprite_chances

FEATURES = 128


class Judge(nn.Module):
    """Pictures [n, 3, 64, 64] in [-1, 1] -> (scores [n, concepts], features [n, 128])."""

    def __init__(self, width=32):
        super().__init__()
        layer = lambda cin, cout: nn.Sequential(
            nn.Conv2d(cin, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.SiLU(),
            nn.Conv2d(cout, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.SiLU(), nn.MaxPool2d(2))
        self.trunk = nn.Sequential(
            nn.PixelUnshuffle(2), layer(12, width), layer(width, 2 * width), layer(2 * width, FEATURES))
        self.scores = nn.Linear(FEATURES, len(CONCEPTS))

    def forward(self, x):
        features = self.trunk(x).mean((2, 3))
        return self.scores(F.dropout(features, 0.1, self.training)), features


class Renderings:
    """Real pictures of the concepts in pose, place and background drawn from a seed."""

    def __init__(self, folder):
        self.sprites, self.index = load_sprites(folder)
        self.rows, self.chances = sprite_chances(self.index)

    def draw(self, rng, count, style=None):
        """Pictures [count, 3, 64, 64] in [-1, 1] and their concepts [count]; of one style, every concept as often."""
        rows = self.rows if style is None else [r for r in self.rows if self.index[r]["style"] == style]
        ids = np.array(rows)[rng.choice(len(rows), count, p=self.chances if style is None else None)]
        settings = draw_settings(rng, count)
        pictures = torch.cat([
            compose(self.sprites[ids[i : i + 64]], pick(settings, slice(i, i + 64))) for i in range(0, count, 64)])
        return pictures, torch.tensor([self.index[i]["concept"] for i in ids])


def blurred(x, rng):
    """Some pictures a little soft or noisy, as any decoder leaves them: not what tells concepts apart."""
    soft = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
    share = torch.from_numpy(rng.uniform(0, 1, (len(x), 1, 1, 1))).float() * 0.8
    return x + share * (soft - x) + 0.05 * torch.randn_like(x)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--minutes", type=float, default=12)
    p.add_argument("--threads", type=int, default=2)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    source, judge = Renderings(a.data), Judge()
    held, truth = source.draw(np.random.default_rng(4), 2048)
    opt = torch.optim.AdamW(judge.parameters(), lr=2e-3, weight_decay=0.02)
    start, step, f = time.time(), 0, 0.0
    while f < 1:
        for group in opt.param_groups:
            group["lr"] = 2e-3 * min(1, (step + 1) / 100) * (0.5 * (1 + math.cos(math.pi * f)) + 0.01)
        x, y = source.draw(rng, 64)
        loss = F.cross_entropy(judge(blurred(x, rng))[0], y, label_smoothing=0.05)
        opt.zero_grad()
        loss.backward()
        opt.step()
        step += 1
        f = (time.time() - start) / (60 * a.minutes)
        if step % 200 == 0 or f >= 1:
            judge.eval()
            with torch.no_grad():
                right = torch.cat([judge(part)[0].argmax(1) for part in held.split(256)]) == truth
            judge.train()
            print(f"{time.time() - start:6.0f}s step {step} loss {loss.item():.3f} held out {right.float().mean().item():.4f}", flush=True)
    torch.save(judge.state_dict(), Path(a.out) / "judge.pt")


if __name__ == "__main__":
    main()
